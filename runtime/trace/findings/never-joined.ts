/**
 * A thread or process of the library's was begun, and until the end nobody joined it: its result, or its error, was seen by no one. Told at the end of the
 * process that began it, since until then somebody still may.
 */
import type { LevelChange, RowChange } from '../fold/observer.ts';
import type { LinkEnd } from '../model/links.ts';
import { KIND, LINK_KIND, LINK_WAY, OUTCOME, REASON, RESOURCE_KIND, numberSet } from '../format/kinds.ts';
import { State } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import { resourcePart, sitePart, taskPart } from '../words/names.ts';
import type { Part } from '../words/sentence.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';

const BODIES = numberSet(RESOURCE_KIND, 'thread', 'process');
const FOR_JOIN = REASON.join;
const FAILED = OUTCOME.error;

class NeverJoined implements RuleRun {
  readonly #trace: Trace;
  /** Those begun that nobody has waited for yet → who began them (−1: not known) and when. */
  readonly #alone = new Map<number, { readonly by: number; readonly t: number }>();
  /** The activation that is the body of such a one, where it is in the same process. */
  readonly #bodies = new Map<number, number>();

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  taskBegan(task: number): void {
    const of = this.#trace.tasks.resource[task]!;
    if (of >= 0 && BODIES.has(this.#trace.resources[of]!.kind)) this.#bodies.set(of, task);
  }

  linkEndRead({ way, kind, t, task, resource }: LinkEnd): void {
    if (way !== LINK_WAY.send || kind !== LINK_KIND.spawn) return;
    if (!BODIES.has(this.#trace.resources[resource]?.kind ?? 0)) return;
    this.#alone.set(resource, { by: task, t });
  }

  rowChanged({ state, reason, target }: RowChange): void {
    if (state === State.wait && reason === FOR_JOIN && target < 0) this.#alone.delete(-target - 1);
  }

  levelChanged({ resource, kind }: LevelChange): void {
    // A join that had not to wait.
    if (kind === KIND.get) this.#alone.delete(resource);
  }

  findings(): Finding[] {
    return [...this.#alone].flatMap(([resource, begun]) => this.#find(resource, begun) ?? []);
  }

  #find(resource: number, { by, t }: { readonly by: number; readonly t: number }): Finding | null {
    const trace = this.#trace;
    const it = trace.resources[resource]!;
    if (trace.processes[it.process]!.endNs === null) return null;
    const body = this.#bodies.get(resource) ?? -1;
    const hasFailed = body >= 0 && trace.tasks.outcome[body] === FAILED;
    const words: Part[] = ['Nobody joined ', resourcePart(trace, resource)];
    if (by >= 0) words.push(', which ', taskPart(trace, trace.rowOf(by)), ' began');
    if (it.site >= 0) words.push(' at ', sitePart(trace, it.site));
    if (hasFailed) words.push(': it failed, and nobody saw its error');
    else if (it.endedNs === null) words.push(': it had not ended when the program did');
    else words.push(': whether it succeeded, nobody looked');
    return {
      rule: neverJoined.name,
      severity: hasFailed ? 'error' : 'warning',
      words: [...words, '.'],
      sites: it.site >= 0 ? [it.site] : [],
      tasks: body >= 0 ? [trace.rowOf(body)] : [],
      t,
    };
  }
}

export const neverJoined: Rule = {
  name: 'never-joined',
  says: 'A thread or process was begun, and nobody waited for its end.',
  start: (trace) => new NeverJoined(trace),
};
