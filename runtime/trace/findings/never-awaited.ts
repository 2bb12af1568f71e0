/**
 * Work that nobody waits for: a promise that was dropped or taken for true, the runs of an async
 * listener, members of a `Promise.all` that had failed, a promise returned out of its `try`, and a
 * library task that was left at the end of its run. One file each tells what refutes it.
 */
import type { EndedWait } from '../model/wait.ts';
import type { Trace } from '../model/trace.ts';
import { AbandonedMembers } from './abandoned-members.ts';
import { askedByPromises } from './asked-by-promises.ts';
import { awaitedLists } from './awaited-lists.ts';
import { AsyncListeners } from './async-listeners.ts';
import { DroppedTasks } from './dropped-tasks.ts';
import { leftSubtests } from './left-subtests.ts';
import type { QuietGaps } from './quiet-gaps.ts';
import type { Finding, Rule, RuleRun } from './finding.ts';
import { neverAwaitedInLibrary } from './library-facts.ts';
import { unawaitedCoroutines } from './python-facts.ts';
import { ReturnedInTry } from './returned-in-try.ts';

export const neverAwaited: Rule = {
  name: 'never-awaited',
  description: 'Work went on, or failed, that nobody waited for.',
  start: (trace, gaps) => new NeverAwaited(trace, gaps),
};

class NeverAwaited implements RuleRun {
  readonly #trace: Trace;
  readonly #dropped: DroppedTasks;
  readonly #abandoned: AbandonedMembers;
  readonly #returned: ReturnedInTry;
  readonly #listeners: AsyncListeners;
  readonly #ofLibrary: RuleRun;
  readonly #coroutines: RuleRun;

  constructor(trace: Trace, gaps: QuietGaps) {
    this.#trace = trace;
    this.#dropped = new DroppedTasks(trace);
    this.#abandoned = new AbandonedMembers(trace);
    this.#returned = new ReturnedInTry(trace);
    this.#listeners = new AsyncListeners(trace);
    this.#ofLibrary = neverAwaitedInLibrary.start(trace, gaps);
    this.#coroutines = unawaitedCoroutines.start(trace, gaps);
  }

  taskBegan(task: number, t: number): void {
    this.#listeners.taskBegan(task, t);
  }

  taskEnded(task: number, t: number): void {
    this.#dropped.taskEnded(task, t);
    this.#abandoned.taskEnded(task);
    this.#returned.taskEnded(task, t);
    this.#listeners.taskEnded(task, t);
  }

  waitEnded(wait: EndedWait): void {
    this.#dropped.waitEnded(wait);
    this.#abandoned.waitEnded(wait);
    this.#listeners.waitEnded(wait);
  }

  findings(explained: ReadonlySet<number>): Finding[] {
    const { name } = neverAwaited;
    return [
      ...this.#coroutines.findings(explained),
      ...askedByPromises(this.#trace, name),
      ...awaitedLists(this.#trace, name),
      ...leftSubtests(this.#trace, name),
      ...this.#returned.findings(name),
      ...this.#dropped.findings(name),
      ...this.#abandoned.findings(name),
      ...this.#listeners.findings(name),
      ...this.#ofLibrary.findings(explained),
    ];
  }
}
