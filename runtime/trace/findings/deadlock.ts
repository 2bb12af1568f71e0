/**
 * Tasks wait for each other in a circle: each has what the next waits for. Said of a program that
 * came to its end with such waits, and of one that has stood so for a second.
 *
 * A release that no probe saw (a function handed on and called by a library) would refute it, as
 * would a limiter with room left; both would have let the program go on.
 */
import type { LevelChange } from '../fold/observer.ts';
import { ACTIVATION_KIND, LANGUAGE, OUTCOME, PROCESS_END, RESOURCE_KIND } from '../format/kinds.ts';
import type { LinkEnd } from '../model/links.ts';
import { openNs } from '../model/open-waits.ts';
import { resourceOfTarget } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import { duration } from '../words/duration.ts';
import { resourcePart, sitePart, taskList, taskPart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import { inFunction } from '../words/wait.ts';
import type { Finding, RingWait, Rule, RuleRun } from './finding.ts';
import { isAsked, isOfPython, type NestedWait, ResourceHolders } from './resource-holders.ts';
import { askedAgain } from './asks-again.ts';
import { ownServers } from './own-server.ts';
import { loopDeadlocks } from './python-ends.ts';
import { poolDeadlocks } from './pool-deadlock.ts';
import { describeJoinedHolder } from './joined-holder.ts';
import { QueueDeadlocks } from './queue-deadlock.ts';
import { taskCycles } from './task-cycles.ts';
import { threadDeadlocks } from './thread-deadlock.ts';
import { type Holder, type WaitCycle, waitCycles } from './wait-cycles.ts';

export const deadlock: Rule = {
  name: 'deadlock',
  description: 'Tasks or threads wait for each other: each has what the next one waits for.',
  start: (trace) => new Deadlock(trace),
};

const MIN_WAIT_NS = 1e9;
const MAX_FAILED_AFTER_NS = 50e6;
const MAX_FINDINGS = 10;
const MAX_RESOURCES = 4;

class Deadlock extends ResourceHolders implements RuleRun {
  readonly #queues: QueueDeadlocks;

  constructor(trace: Trace) {
    super(trace);
    this.#queues = new QueueDeadlocks(trace);
  }

  override levelChanged(change: LevelChange): void {
    super.levelChanged(change);
    this.#queues.levelChanged(change);
  }

  linkEndRead(end: LinkEnd): void {
    this.#queues.linkEndRead(end);
  }

  processInterrupted(process: number): void {
    this.#queues.processInterrupted(process);
  }

  findings(): Finding[] {
    const { trace } = this;
    const proven = waitCycles(trace, this)
      .filter((cycle) => isProven(trace, cycle) && !isOfItsHolder(trace, cycle))
      .slice(0, MAX_FINDINGS)
      .map((cycle) => findingOf(trace, cycle))
      .concat(this.nested.flatMap((wait) => findingOfNested(trace, wait) ?? []).slice(0, MAX_FINDINGS))
      .concat(taskCycles(trace, deadlock.name), threadDeadlocks(trace, deadlock.name))
      .concat(poolDeadlocks(trace, deadlock.name), loopDeadlocks(trace, deadlock.name))
      .concat(ownServers(trace, deadlock.name));
    const again = withoutTold(askedAgain(trace, deadlock.name), proven);
    // That nobody is left to put an item back follows from it.
    return [...proven, ...again, ...withoutTold(this.#queues.findings(deadlock.name), again)];
  }
}

/** Those whose tasks no other finding tells of. */
function withoutTold(findings: readonly Finding[], others: readonly Finding[]): Finding[] {
  const told = new Set(others.flatMap(({ tasks }) => tasks));
  return findings.filter(({ tasks }) => !tasks.some((task) => told.has(task)));
}

/** A lock of the library whose own holder waits for it is lock-contention's. */
function isOfItsHolder(trace: Trace, { resources: [first, ...others] }: WaitCycle): boolean {
  if (first === undefined || others.length > 0 || isOfPython(trace, first[0])) return false;
  return first[1].length === 1 && trace.resources[first[0]]!.kind === RESOURCE_KIND.lock;
}

function isProven(trace: Trace, { resources, waits }: WaitCycle): boolean {
  const process = trace.processes[trace.resources[resources[0]![0]]!.process]!;
  if (trace.losses.hasAny(process.index)) return false;
  if (process.endKind === PROCESS_END.exit) return true;
  // Killed, maybe, and nobody saw when: threads that wait for each other's locks cannot go on.
  if (process.endNs === null && isOfThreads(trace, resources)) return true;
  return resources.every(([, holders]) =>
    holders.every(({ row }) => openNs(trace, waits.get(row)!) >= MIN_WAIT_NS),
  );
}

/** Several locks of Python's, each held by a thread's own code. */
function isOfThreads(trace: Trace, resources: WaitCycle['resources']): boolean {
  if (resources.length < 2) return false;
  return resources.every(
    ([resource, holders]) =>
      isOfPython(trace, resource) &&
      holders.every(({ row }) => trace.tasks.kind[row] === ACTIVATION_KIND.thread),
  );
}

function findingOf(trace: Trace, { resources, waits }: WaitCycle): Finding {
  const [first] = resources as readonly [WaitCycle['resources'][number]];
  const words: SentencePart[] = [];
  const sites: number[] = [];
  if (resources.length === 1)
    words.push(
      ...(describeJoinedHolder(trace, first[0], first[1][0]!, waits) ?? describeReentry(trace, first, waits)),
    );
  else {
    resources.slice(0, MAX_RESOURCES).forEach(([resource, holders], i) => {
      const [holder] = holders as readonly [Holder];
      const wait = waits.get(holder.row)!;
      if (i > 0) words.push('; ');
      words.push(taskPart(trace, holder.named), ' has ', resourcePart(trace, resource));
      if (holder.site >= 0)
        words.push(' (', sitePart(trace, holder.site), inFunction(trace, holder.row, holder.site), ')');
      words.push(
        ' and waits for ',
        ...nextOf(trace, wait.target, resources),
        ' at ',
        sitePart(trace, wait.site),
        inFunction(trace, holder.row, wait.site),
      );
    });
    words.push(': a deadlock. Take them in one order everywhere.');
  }
  const rows = resources.flatMap(([, holders]) => holders.map(({ row }) => row));
  for (const [, holders] of resources)
    for (const { row, site } of holders) sites.push(waits.get(row)!.site, site);
  return {
    rule: deadlock.name,
    severity: 'error',
    words,
    sites: [...new Set(sites)].filter((site) => site >= 0),
    tasks: [...new Set(rows)],
    t: Math.max(...rows.map((row) => waits.get(row)!.startNs)),
    sinceNs: Math.min(...rows.map((row) => waits.get(row)!.startNs)),
    explainsEnd: true,
    ring: ringOf({ resources, waits }),
  };
}

function ringOf({ resources, waits }: WaitCycle): RingWait[] {
  const ring: RingWait[] = [];
  for (const [, holders] of resources)
    for (const { row } of holders) {
      const asked = resourceOfTarget(waits.get(row)!.target);
      const [, next = []] = resources.find(([resource]) => resource === asked) ?? [];
      for (const { row: to } of next) ring.push({ row, to, resource: asked });
    }
  return ring;
}

/**
 * A limit of time broke the circle: the task failed as its wait ended. Null: it went on, so it got
 * what it waited for.
 */
function findingOfNested(
  trace: Trace,
  { resource, task, site, startNs, endNs, around }: NestedWait,
): Finding | null {
  const { outcome, endedNs, error } = trace.tasks;
  if (outcome[task] !== OUTCOME.error || endedNs[task]! - endNs > MAX_FAILED_AFTER_NS) return null;
  const lock = resourcePart(trace, resource);
  const outer = trace.rowOf(around.caller);
  const failure = error[task]! >= 0 ? ` with ${trace.text(error[task]!)}` : '';
  const words: SentencePart[] = [
    ...[
      taskPart(trace, task),
      ` waited ${duration(endNs - startNs)} for `,
      lock,
      ' at ',
      sitePart(trace, site),
    ],
    ...[' within a call of ', lock, ' that ', taskPart(trace, around.caller), ' made'],
    ...(around.site >= 0 ? [' at ', sitePart(trace, around.site)] : []),
    `, and failed${failure}: a deadlock, until a time limit broke it.`,
    ...[' What runs inside a call of ', lock, ' must use what the call gave it.'],
  ];
  return {
    rule: deadlock.name,
    severity: 'error',
    words,
    sites: [site, around.site].filter((known) => known >= 0),
    tasks: [trace.rowOf(task), outer],
    t: endNs,
    sinceNs: startNs,
    explainsEnd: true,
  };
}

/** "crawl#1 and crawl#2 run inside `limit` (a.ts:25) and wait for it again at a.ts:20: …" */
function describeReentry(
  trace: Trace,
  [resource, holders]: WaitCycle['resources'][number],
  waits: WaitCycle['waits'],
): SentencePart[] {
  const named = [...new Set(holders.map(({ named: row }) => row))];
  const isOne = named.length === 1;
  const [{ site, row }] = holders as readonly [Holder];
  const again = waits.get(row)!.site;
  const lock = resourcePart(trace, resource);
  if (!isAsked(trace, resource)) {
    const kind = trace.resources[resource]!.kind;
    const { language } = trace.processes[trace.resources[resource]!.process]!;
    return [
      ...taskList(trace, named),
      isOne ? ' has ' : ' have ',
      lock,
      ...(site >= 0 ? [' (', sitePart(trace, site), inFunction(trace, row, site), ')'] : []),
      `${isOne ? ' and waits' : ' and wait'} for it again at `,
      sitePart(trace, again),
      inFunction(trace, row, again),
      ': a deadlock.',
      kind === RESOURCE_KIND.lock && language === LANGUAGE.python && isOfThread(trace, row)
        ? ' A threading.RLock may be taken again by the thread that has it.'
        : '',
    ].filter((part) => part !== '');
  }
  return [
    ...taskList(trace, named),
    ' got through ',
    lock,
    ...(site >= 0 ? [' (', sitePart(trace, site), inFunction(trace, row, site), ')'] : []),
    `${isOne ? ', has not ended and waits' : ', have not ended and wait'} for `,
    lock,
    ' again at ',
    sitePart(trace, again),
    inFunction(trace, row, again),
    ': a deadlock. What runs inside ',
    lock,
    ' must not wait for it: let it ask another one, or none.',
  ];
}

/** It is the code of a thread, and no task of an event loop. */
const isOfThread = (trace: Trace, row: number): boolean =>
  trace.tasks.kind[row] !== ACTIVATION_KIND['asyncio-task'];

/** What the wait is for, as far as it is part of the cycle. */
function nextOf(trace: Trace, target: number, resources: WaitCycle['resources']): SentencePart[] {
  const asked = -target - 1;
  const own = resources.find(([resource]) => resource === asked);
  if (own) return [resourcePart(trace, asked)];
  const group = trace.groups.get(asked);
  const member = group?.members.find((each) => resources.some(([resource]) => resource === -each - 1));
  if (member !== undefined) return [resourcePart(trace, -member - 1)];
  if (trace.resources[asked]?.kind === RESOURCE_KIND.thread)
    return ['the end of ', resourcePart(trace, asked)];
  return target > 0 ? [taskPart(trace, trace.rowOf(target - 1))] : ['the next'];
}
