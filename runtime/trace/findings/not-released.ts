/**
 * A lock, a connection or a slot was taken and not given back, or a queue was stopped and not
 * started again; others wait for it. Said only where nothing was left that could still give it
 * back, or nothing happens any more: the program came to its own end, or stands still.
 *
 * A task gave back what it got when it called a method that says so (`release`, `unlock`), on the
 * object or on what the object gave. Who got through and ended without that is told; where no such
 * call is seen at all, the last who got through.
 */
import type { LevelChange, ResourceUse } from '../fold/observer.ts';
import { OUTCOME } from '../format/kinds.ts';
import { openWaits } from '../model/open-waits.ts';
import { resourceOfTarget, State } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import type { Wait } from '../model/wait.ts';
import { count } from '../words/duration.ts';
import { resourcePart, sitePart, taskList, taskPart } from '../words/parts.ts';
import type { Sentence, SentencePart } from '../words/sentence.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';
import { askedBy, type HeldResource, type Passage, ResourceHolders } from './resource-holders.ts';
import { givenUp } from './given-up.ts';
import { isLeftGenerator } from './left-generators.ts';
import { LentItems, lostItems } from './lent-items.ts';
import { lostPermits } from './lost-permits.ts';
import { neverBegun } from './python-ends.ts';
import type { QuietGaps } from './quiet-gaps.ts';
import { describeStandstill, type Standstill, standstillOf } from './standstill.ts';
import { lostSharedLocks } from './shared-locks.ts';
import { isTaking, waitCycles } from './wait-cycles.ts';
import { WaitsToTheEnd } from './waits-to-the-end.ts';

export const notReleased: Rule = {
  name: 'not-released',
  description: 'Tasks waited to the end for a lock, a slot or a connection that was never given back.',
  start: (trace, gaps) => new NotReleased(trace, gaps),
};

const STOPS = /\b(?:pause|stop)\w*\s*\(/i;
const DROPS = /\b(?:clear|kill)\w*\s*\(/i;
const STARTS = /\b(?:resume|start|unpause)\w*\s*\(/i;

class NotReleased extends ResourceHolders implements RuleRun {
  readonly #gaps: QuietGaps;
  readonly #items: LentItems;
  readonly #toTheEnd: WaitsToTheEnd;

  constructor(trace: Trace, gaps: QuietGaps) {
    super(trace);
    this.#gaps = gaps;
    this.#items = new LentItems(trace);
    this.#toTheEnd = new WaitsToTheEnd(trace);
  }

  override levelChanged(change: LevelChange): void {
    super.levelChanged(change);
    this.#items.levelChanged(change);
  }

  override resourceUsed(use: ResourceUse): void {
    super.resourceUsed(use);
    this.#items.resourceUsed(use);
  }

  processInterrupted(process: number): void {
    this.#toTheEnd.processInterrupted(process);
  }

  findings(): Finding[] {
    const { trace } = this;
    const stands = trace.processes.map((process) => standstillOf(trace, this.#gaps, process));
    const facts = [
      ...neverBegun(trace, notReleased.name),
      ...givenUp(trace, this, notReleased.name),
      ...lostSharedLocks(trace, this, this.#toTheEnd.longerThan(1e9), notReleased.name),
    ];
    if (stands.every((stand) => stand === null)) return facts;
    const inCycles = new Set(
      waitCycles(trace, this).flatMap(({ resources }) => resources.map(([resource]) => resource)),
    );
    const found = [...waitsByResource(trace, this)].flatMap(([resource, waits]) => {
      const { process } = trace.resources[resource]!;
      const held = this.heldOf(resource);
      const stand = stands[process]!;
      if (stand === null || held === undefined || inCycles.has(resource)) return [];
      return findingOf(trace, resource, held, waits, stand) ?? [];
    });
    return [
      ...facts,
      ...found,
      ...lostPermits(trace, this, stands, notReleased.name),
      ...lostItems(trace, this.#items, stands, notReleased.name),
    ];
  }
}

/** Open waits for objects that the program asks, by the object. */
function waitsByResource(trace: Trace, known: ResourceHolders): ReadonlyMap<number, readonly Wait[]> {
  const found = new Map<number, Wait[]>();
  for (const open of openWaits(trace)) {
    const wait = known.waitForAsked(open);
    for (const resource of askedBy(trace, wait.target)) {
      const waits = found.get(resource);
      if (waits) waits.push(wait);
      else found.set(resource, [wait]);
    }
  }
  return found;
}

function findingOf(
  trace: Trace,
  resource: number,
  held: HeldResource,
  waits: readonly Wait[],
  stand: Standstill,
): Finding | null {
  const claim =
    stopOf(trace, resource, held) ??
    passageOf(trace, resource, held) ??
    insideOf(trace, resource, held, callsIn(trace, resource, waits));
  if (claim === null) return null;
  const { words, mend, sites, tasks, t } = claim;
  return {
    rule: notReleased.name,
    severity: stand.isOver ? 'error' : 'warning',
    words: [...words, ...describeWaiters(trace, waits, stand), ' ', ...mend],
    sites: [...new Set([...sites, waits[0]!.site])].filter((site) => site >= 0),
    tasks: [...new Set([...tasks, ...waits.map(({ row }) => row)])],
    t: waits[0]!.startNs,
    sinceNs: t,
    explainsEnd: true,
  };
}

/** Who has it, and what to do. */
interface Claim {
  readonly words: Sentence;
  readonly mend: Sentence;
  readonly sites: readonly number[];
  readonly tasks: readonly number[];
  readonly t: number;
}

/** "queue was stopped at a.ts:19 and not started again": the last stop. */
function stopOf(trace: Trace, resource: number, { uses }: HeldResource): Claim | null {
  let stop: ResourceUse | null = null;
  for (const use of uses) {
    const { text = '' } = trace.sites[use.site] ?? {};
    if (STOPS.test(text)) stop = use;
    else if (STARTS.test(text)) stop = null;
  }
  if (stop === null) return null;
  const { site, by, t } = stop;
  const queue = resourcePart(trace, resource);
  const words: SentencePart[] = [queue, ' was stopped at ', sitePart(trace, site)];
  if (by >= 0) words.push(' by ', taskPart(trace, trace.rowOf(by)));
  return {
    words: [...words, ' and not started again'],
    mend: ['Start ', queue, ' again.'],
    sites: [site],
    tasks: by >= 0 ? [trace.rowOf(by)] : [],
    t,
  };
}

/** "withdraw took mutex at a.ts:9 and ended at a.ts:14 without giving it back". */
function passageOf(trace: Trace, resource: number, held: HeldResource): Claim | null {
  const passage = culpritOf(trace, held);
  if (passage === null) return null;
  const { task, site, t } = passage;
  const { outcome, endSite, parent, waitSite } = trace.tasks;
  const lock = resourcePart(trace, resource);
  const words: SentencePart[] = [taskPart(trace, task), ' took ', lock, ' at ', sitePart(trace, site)];
  if (isLeftGenerator(trace, task)) {
    const at = waitSite[task]!;
    words.push(' and stands at its `yield` at ', sitePart(trace, at), ', since ');
    words.push(taskPart(trace, parent[task]!), ' asked it for no more and did not close it');
    const close: Sentence = ['Call its `return()`, or read it with `for await`, which does.'];
    const made = trace.tasks.site[task]!;
    return { words, mend: close, sites: [at, site, made], tasks: [trace.rowOf(task)], t };
  }
  words.push(outcome[task] === OUTCOME.error ? ' and failed' : ' and ended');
  if (endSite[task]! >= 0) words.push(' at ', sitePart(trace, endSite[task]!));
  words.push(' without giving it back');
  const mend = ['Give ', lock, ' back in a `finally`.'];
  return { words, mend, sites: [endSite[task]!, site], tasks: [trace.rowOf(task)], t };
}

/** Who got through, has ended and did not give back. */
function culpritOf(trace: Trace, { passages, uses }: HeldResource): Passage | null {
  const taken = passages.filter(({ site }) => isTaking(trace, site));
  const isEnded = ({ task }: Passage): boolean =>
    trace.tasks.state[task] === State.ended || isLeftGenerator(trace, task);
  const gaveBack = ({ task, t }: Passage): boolean => uses.some((use) => use.by === task && use.t >= t);
  if (uses.length === 0) {
    const last = taken.at(-1);
    return last !== undefined && isEnded(last) ? last : null;
  }
  return taken.find((passage) => isEnded(passage) && !gaveBack(passage)) ?? null;
}

/** How many calls of the resource are waited for: together, or each by itself. */
function callsIn({ groups }: Trace, resource: number, waits: readonly Wait[]): number {
  const targets = [...new Set(waits.map(({ target }) => resourceOfTarget(target)))];
  return targets.reduce((sum, target) => {
    const members = groups.get(target)?.members.filter((member) => resourceOfTarget(member) === resource);
    return sum + (members?.length ?? 1);
  }, 0);
}

/**
 * "append asked lock at a.ts:9; what it let run has ended, and lock was not given back": the call
 * never came back. Or "lock let 5 of 8 calls run": it heard of those, or it did not.
 */
function insideOf(
  trace: Trace,
  resource: number,
  { inside, passages, uses }: HeldResource,
  calls: number,
): Claim | null {
  const last = inside.at(-1);
  const { state, beganNs } = trace.tasks;
  if (last === undefined || passages.length > 0) return null;
  if (inside.some(({ task }) => state[task] !== State.ended)) return null;
  const { task, site } = last;
  const lock = resourcePart(trace, resource);
  const claim = { sites: [site, trace.tasks.site[task]!], tasks: [trace.rowOf(task)], t: beganNs[task]! };
  const ran = inside.length;
  const fn = trace.sites[site]?.fn ?? '';
  const isNamed = fn !== '' && !fn.startsWith('<');
  if (calls > 1) {
    if (ran >= calls) return null;
    const others = calls - ran;
    const words: SentencePart[] = [
      lock,
      ` let ${ran} of the ${count(calls, 'call')} at `,
      sitePart(trace, site),
      `${isNamed ? ` in ${fn}` : ''} run, and ${ran === 1 ? 'that' : 'those'} ended; ` +
        `the ${others === 1 ? 'other' : count(others, 'other')} never began`,
    ];
    const drop = uses.findLast(({ site }) => DROPS.test(trace.sites[site]?.text ?? ''));
    if (drop !== undefined) return { ...claim, ...dropped(trace, drop, words) };
    const mend: Sentence = [
      'Has ',
      lock,
      ' a number of permits that is used up, is it paused, or must the function call a `done` that it is given?',
    ];
    return { ...claim, words, mend };
  }
  const asker: Sentence = isNamed ? [fn] : ['The program'];
  return {
    ...claim,
    words: [
      ...asker,
      ' asked ',
      lock,
      ' at ',
      sitePart(trace, site),
      ' to run a function; it ended, and ',
      lock,
      ' never heard of it',
    ],
    mend: ['If that function is given a `done`, it has to call it.'],
  };
}

/** They were thrown away, and whoever waits for them was not told. */
function dropped(
  trace: Trace,
  { site, by }: ResourceUse,
  words: Sentence,
): Pick<Claim, 'words' | 'mend' | 'sites'> {
  const call = trace.sites[site]?.text ?? '';
  return {
    words: [
      ...words,
      `, since \`${call}\` at `,
      sitePart(trace, site),
      ...(by >= 0 ? [' (', taskPart(trace, trace.rowOf(by)), ')'] : []),
      ' threw them away without a word',
    ],
    mend: ['Have their promises rejected, or let those that wait check whether to go on.'],
    sites: [site],
  };
}

function describeWaiters(trace: Trace, waits: readonly Wait[], stand: Standstill): SentencePart[] {
  const [{ site }] = waits as readonly [Wait];
  const rows = [...new Set(waits.map(({ row }) => row))];
  const who = rows.length > 4 ? [count(rows.length, 'task')] : taskList(trace, rows);
  return [
    ': ',
    ...who,
    stand.isOver ? ' waited for it to the end' : ` ${rows.length > 1 ? 'wait' : 'waits'} for it`,
    ...(site >= 0 ? [' at ', sitePart(trace, site)] : []),
    describeStandstill(stand),
    '.',
  ];
}
