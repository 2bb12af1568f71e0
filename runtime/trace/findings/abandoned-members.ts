/**
 * `Promise.all` failed with one of its promises, and others went on to do more: whoever waited has
 * gone on meanwhile, and may have closed what they use. What only ended the wait that it was in is
 * no finding, nor what ended with an error (it was stopped), nor what somebody waited for after all
 * (`Promise.allSettled`).
 */
import { FACT, GROUP_KIND, LANGUAGE, OUTCOME, REASON } from '../format/kinds.ts';
import { State, resourceOfTarget, taskOfTarget } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import type { EndedWait } from '../model/wait.ts';
import { duration } from '../words/duration.ts';
import { sitePart, taskList, taskPart } from '../words/parts.ts';
import type { Sentence } from '../words/sentence.ts';
import type { Finding } from './finding.ts';

const MAX_FINDINGS = 20;
const MAX_MEMBERS = 10_000;

interface Failure {
  readonly group: number;
  /** Where the group was awaited. */
  readonly site: number;
  /** The task that failed. */
  readonly decider: number;
  readonly t: number;
}

interface Member {
  readonly failure: Failure;
  /** It began to wait for something else after the failure. */
  wentOn: boolean;
  /** The end of its event loop cancelled it, and waited for that. */
  isCutShort: boolean;
}

export class AbandonedMembers {
  readonly #trace: Trace;
  readonly #members = new Map<number, Member>();

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  waitEnded({ row, reason, target, startNs, endNs, site }: EndedWait): void {
    if (this.#members.size > 0) {
      const member = this.#members.get(row);
      if (member !== undefined && startNs > member.failure.t) member.wentOn = true;
      this.#members.delete(taskOfTarget(target));
    }
    if (reason !== REASON.group) return;
    const group = this.#trace.groups.get(resourceOfTarget(target));
    if (group === undefined) return;
    if (group.kind !== GROUP_KIND.all && !this.#isPythonGather(group.kind, row)) {
      for (const member of group.members) this.#members.delete(taskOfTarget(member));
      return;
    }
    if (group.decider === null) return;
    const { tasks } = this.#trace;
    const decider = taskOfTarget(group.members[group.decider] ?? 0);
    if (decider < 0 || tasks.outcome[decider] !== OUTCOME.error) return;
    const failure = { group: resourceOfTarget(target), site, decider, t: endNs };
    for (const each of group.members) {
      const member = taskOfTarget(each);
      if (member < 0 || tasks.state[member] === State.ended || this.#members.size >= MAX_MEMBERS) continue;
      this.#members.set(member, { failure, wentOn: false, isCutShort: false });
    }
  }

  /** asyncio's `gather` lets the others go on when one has failed. */
  #isPythonGather(kind: number, row: number): boolean {
    const { processes, tasks } = this.#trace;
    return kind === GROUP_KIND.gather && processes[tasks.process[row]!]?.language === LANGUAGE.python;
  }

  taskEnded(task: number): void {
    const member = this.#members.get(task);
    if (member === undefined) return;
    const { facts, tasks } = this.#trace;
    // The end of the loop cancelled it: it was in the middle of something.
    const isCutShort =
      tasks.outcome[task] === OUTCOME.cancelled &&
      facts.some((fact) => fact.what === FACT['cut-short'] && fact.task === task);
    if (isCutShort) member.wentOn = member.isCutShort = true;
    if (!member.wentOn || tasks.outcome[task] === OUTCOME.error) this.#members.delete(task);
  }

  findings(rule: string): Finding[] {
    const left = new Map<Failure, number[]>();
    for (const [task, { failure, wentOn }] of this.#members) {
      if (!wentOn) continue;
      const tasks = left.get(failure);
      if (tasks === undefined) left.set(failure, [task]);
      else tasks.push(task);
    }
    return [...left]
      .slice(0, MAX_FINDINGS)
      .flatMap(([failure, tasks]) => this.#findingOf(rule, failure, tasks) ?? []);
  }

  #findingOf(rule: string, { group, site, decider, t }: Failure, all: readonly number[]): Finding | null {
    const trace = this.#trace;
    const awaited = this.#awaitedLater(group, t);
    const tasks = all.filter((task) => this.#members.get(task)!.isCutShort || !awaited.has(task));
    if (tasks.length === 0) return null;
    const { endedNs } = trace.tasks;
    const isGather = trace.groups.get(group)?.kind === GROUP_KIND.gather;
    const untilNs = Math.max(
      ...tasks.map((task) => (Number.isNaN(endedNs[task]!) ? trace.endNs : endedNs[task]!)),
    );
    const at: Sentence = site < 0 ? [] : [' (', sitePart(trace, site), ')'];
    return {
      rule,
      severity: 'warning',
      words: [
        ...taskList(trace, tasks),
        ` went on for ${duration(untilNs - t)} after ${isGather ? 'gather' : 'Promise.all'}`,
        ...at,
        ' had failed with ',
        taskPart(trace, decider),
        `: nobody waits for ${tasks.length === 1 ? 'it' : 'them'}. `,
        isGather
          ? 'An asyncio.TaskGroup cancels them and waits for their end.'
          : '`Promise.allSettled` waits for all; an AbortSignal can stop them.',
      ],
      sites: site < 0 ? [] : [site],
      tasks: [...tasks, decider],
      t: untilNs,
      sinceNs: t,
    };
  }

  /** Members of other groups that were made since, or that wait for all in any case. */
  #awaitedLater(failed: number, t: number): ReadonlySet<number> {
    const { groups, resources } = this.#trace;
    const awaited = new Set<number>();
    for (const [group, { kind, members }] of groups) {
      if (group === failed || (kind !== GROUP_KIND['all-settled'] && resources[group]!.beganNs < t)) continue;
      for (const member of members) awaited.add(taskOfTarget(member));
    }
    return awaited;
  }
}
