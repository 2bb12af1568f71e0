/**
 * A thread or process of the library's was begun, and nobody joined it: its result, or its error,
 * was seen by no one. Found at the end of the process that began it, since until then it may still
 * be joined.
 */
import type { LevelChange, RowChange } from '../fold/observer.ts';
import {
  FACT,
  KIND,
  LANGUAGE,
  LINK_KIND,
  LINK_WAY,
  OUTCOME,
  REASON,
  RESOURCE_KIND,
  numberSet,
} from '../format/kinds.ts';
import type { LinkEnd } from '../model/links.ts';
import { resourceOfTarget, State } from '../model/state.ts';
import type { Fact, Trace } from '../model/trace.ts';
import { resourcePart, sitePart, taskPart } from '../words/parts.ts';
import type { SentencePart } from '../words/sentence.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';

export const neverJoined: Rule = {
  name: 'never-joined',
  description: 'A thread or process was begun, and nobody waited for its end.',
  start: (trace) => new NeverJoined(trace),
};

/** What ends so soon after the program's own code was about to end as well. */
const MIN_LATER_NS = 10e6;
const JOINABLE_KINDS = numberSet(RESOURCE_KIND, 'thread', 'process');

interface Spawn {
  /** The task that began it; −1: none recorded. */
  readonly by: number;
  readonly t: number;
  /** Of a process: its pid. */
  readonly pid: number;
}

/**
 * Of threads that one line of Python began, the one of which most is known: they are all alike.
 */
function onePerLine(trace: Trace, findings: readonly Finding[]): Finding[] {
  const byLine = new Map<string, Finding>();
  for (const finding of findings) {
    const [task = -1] = finding.tasks;
    const [site = -1] = finding.sites;
    const isPython = trace.processes[trace.tasks.process[task]!]?.language === LANGUAGE.python;
    const key = isPython && site >= 0 ? `${site} ${finding.severity}` : `${byLine.size}`;
    const before = byLine.get(key);
    if (before === undefined || finding.words.length > before.words.length) byLine.set(key, finding);
  }
  return [...byLine.values()];
}

const sharedNameOf = (trace: Trace, body: number): Fact | undefined =>
  trace.facts.find(({ what, task }) => what === FACT['shared-name'] && task === body);

/** It may still change what the program has read already. */
function describeUnended(trace: Trace, body: number): SentencePart[] {
  const fact = body < 0 ? undefined : sharedNameOf(trace, body);
  if (fact === undefined) return [': it had not ended when the program did.'];
  const [shared = '', fn = ''] = fact.text.split('|');
  return [
    ': the program’s own code was over while `',
    `${fn}\`, which changes \`${shared}\`, still ran. Join it before that is read.`,
  ];
}

/** A traced process had ended before another one did. */
const hasProcessEnded = ({ processes }: Trace, pid: number, beforeNs: number): boolean =>
  processes.some((process) => process.pid === pid && process.endNs !== null && process.endNs < beforeNs);

class NeverJoined implements RuleRun {
  readonly rowStates = [State.wait];
  readonly #trace: Trace;
  /** By the resource of a thread or process that nobody has waited for yet. */
  readonly #unjoined = new Map<number, Spawn>();
  /** By the same resource: the task that is its body, where that is in the same process. */
  readonly #bodies = new Map<number, number>();

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  taskBegan(task: number): void {
    const resource = this.#trace.tasks.resource[task]!;
    if (this.#isJoinable(resource)) this.#bodies.set(resource, task);
  }

  linkEndRead({ way, kind, t, task, resource, token }: LinkEnd): void {
    if (way !== LINK_WAY.send || kind !== LINK_KIND.spawn || !this.#isJoinable(resource)) return;
    this.#unjoined.set(resource, { by: task, t, pid: token });
  }

  rowChanged({ reason, target }: RowChange): void {
    if (reason === REASON.join) this.#unjoined.delete(resourceOfTarget(target));
  }

  levelChanged({ resource, kind }: LevelChange): void {
    // A join that had not to wait.
    if (kind === KIND.get) this.#unjoined.delete(resource);
  }

  findings(): Finding[] {
    const found = [...this.#unjoined].flatMap(([resource, spawn]) => this.#findingOf(resource, spawn) ?? []);
    return onePerLine(this.#trace, found);
  }

  /**
   * Before the process's own code was over: of Python, where nothing else tells of a thread's end.
   */
  #hasEndedBefore(body: number): boolean {
    const { tasks, facts } = this.#trace;
    if (tasks.state[body] !== State.ended) return false;
    const over = facts.find(({ what, task }) => what === FACT['main-ended'] && task === body);
    return over === undefined || tasks.endedNs[body]! - over.t < MIN_LATER_NS;
  }

  #isJoinable(resource: number): boolean {
    return resource >= 0 && JOINABLE_KINDS.has(this.#trace.resources[resource]!.kind);
  }

  #findingOf(resource: number, { by, t, pid }: Spawn): Finding | null {
    const trace = this.#trace;
    const { process, site, endedNs } = trace.resources[resource]!;
    const { endNs, cutNs } = trace.processes[process]!;
    if (endNs === null || cutNs !== null || trace.losses.hasAny(process)) return null;
    const body = this.#bodies.get(resource) ?? -1;
    const hasFailed = body >= 0 && trace.tasks.outcome[body] === OUTCOME.error;
    const words: SentencePart[] = ['Nobody joined ', resourcePart(trace, resource)];
    if (by >= 0) words.push(', which ', taskPart(trace, trace.rowOf(by)), ' began');
    if (site >= 0) words.push(' at ', sitePart(trace, site));
    const isPython = trace.processes[process]!.language === LANGUAGE.python;
    const isShared = body >= 0 && sharedNameOf(trace, body) !== undefined;
    const isProcess = trace.resources[resource]!.kind === RESOURCE_KIND.process;
    const hasEnded =
      endedNs !== null ||
      (body >= 0 && this.#hasEndedBefore(body)) ||
      (isProcess && hasProcessEnded(trace, pid, endNs));
    // The interpreter waits for it at the end, and prints its error.
    if (isPython && hasEnded && !hasFailed) return null;
    if (hasFailed) words.push(': it failed, and nobody saw its error.');
    else if (!hasEnded) words.push(...describeUnended(trace, body));
    else words.push(': nobody checked whether it succeeded.');
    return {
      rule: neverJoined.name,
      severity: hasFailed ? 'error' : isPython && !isShared ? 'info' : 'warning',
      words,
      sites: site >= 0 ? [site] : [],
      tasks: body >= 0 ? [trace.rowOf(body)] : [],
      t,
    };
  }
}
