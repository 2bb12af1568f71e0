/**
 * Which tasks belong together: those of a run, which its end cancels, and those of nobody's run. A
 * task belongs where the code belongs that makes it, however much later that goes on; so runs of
 * two libraries, or of two requests, leave each other alone. After the scopes of Effect; in asyncio
 * two runs of a thread cannot be side by side.
 */
import { context } from './context.ts';
import { scheduler } from './runner.ts';

/** A task, as its scope knows it. */
interface ScopedTask {
  readonly id: number;
  /** Its neighbours among the tasks of its scope. */
  older: ScopedTask | null;
  younger: ScopedTask | null;
}

/** Tasks that have not ended, the oldest first, linked through the tasks themselves. */
class TaskList {
  #oldest: ScopedTask | null = null;
  #youngest: ScopedTask | null = null;

  add(task: ScopedTask): void {
    task.older = this.#youngest;
    if (this.#youngest === null) this.#oldest = task;
    else this.#youngest.younger = task;
    this.#youngest = task;
  }

  /** @param task one of the list. */
  remove(task: ScopedTask): void {
    const { older, younger } = task;
    if (older === null) this.#oldest = younger;
    else older.younger = younger;
    if (younger === null) this.#youngest = older;
    else younger.older = older;
    task.older = null;
    task.younger = null;
  }

  *[Symbol.iterator](): Generator<ScopedTask, void, undefined> {
    for (let at = this.#oldest; at !== null; at = at.younger) yield at;
  }
}

export class RunScope {
  /** Its tasks that have not ended, the oldest first. */
  readonly tasks = new TaskList();
  /** The runs that its code began and that have not ended. */
  readonly runs = new Set<RunScope>();
  /** Where the run was called; null: these are the tasks of nobody's run. */
  readonly outer: RunScope | null;
  /** The task whose end ends it; null: it has not begun, or is no run. */
  main: ScopedTask | null = null;
  /** Its clock; null: the real one. */
  clock: object | null;

  constructor(outer: RunScope | null) {
    this.outer = outer;
    this.clock = outer?.clock ?? null;
  }

  /** It is the other, or inside of it. */
  isWithin(other: RunScope): boolean {
    return this === other || this.outer?.isWithin(other) === true;
  }

  /** It and all runs inside of it. */
  *all(): Generator<RunScope> {
    yield this;
    for (const run of this.runs) yield* run.all();
  }
}

const root = new RunScope(null);
/** The runs that have not ended, the oldest first. */
const active = new Set<RunScope>();
let livingCount = 0;

export const scopes = {
  /** How many tasks have not ended. */
  get livingCount(): number {
    return livingCount;
  },
  /** How many runs have not ended. */
  get runCount(): number {
    return active.size;
  },

  /** The run that began first of those that have not ended; null: there is none. */
  get oldestRun(): RunScope | null {
    for (const run of active) return run;
    return null;
  },

  /**
   * That of the code that executes. Where no context is kept, code outside of tasks is taken for
   * that of the run, if there is but one.
   */
  current(): RunScope {
    const known = scopes.known();
    if (known !== null) return known;
    return scheduler.hasContext || active.size !== 1 ? root : scopes.oldestRun!;
  },

  /** That of the code that executes, as far as it is known; null: it is not. */
  known(): RunScope | null {
    const runner = scheduler.currentRunner();
    return (runner === null ? context.scope() : runner.scope) as RunScope | null;
  },

  begin(): RunScope {
    const outer = scopes.known() ?? root;
    const scope = new RunScope(outer);
    outer.runs.add(scope);
    active.add(scope);
    return scope;
  },
  end(scope: RunScope): void {
    scope.outer!.runs.delete(scope);
    active.delete(scope);
  },

  addTask(scope: RunScope, task: ScopedTask): void {
    scope.tasks.add(task);
    livingCount++;
  },
  removeTask(scope: RunScope, task: ScopedTask): void {
    scope.tasks.remove(task);
    livingCount--;
  },

  /** All tasks of the thread that have not ended, in the order of their creation. */
  allTasks(): ScopedTask[] {
    const all: ScopedTask[] = [];
    for (const scope of root.all()) for (const task of scope.tasks) all.push(task);
    return all.sort((a, b) => a.id - b.id);
  },
};
