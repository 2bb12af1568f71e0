/**
 * Tasks that end together: the group is over when its body and all its tasks are, and when one of them fails the others are ended. After
 * asyncio.TaskGroup, with the order of Effection's scopes:
 *
 *   body, a, b, c     b fails  ──▶  c is cancelled and cleans up, then a, then the body  ──▶  the group fails with b's error
 *
 * One after another and the youngest first, for what is younger may need what is older until the end of its clean-up; asyncio cancels all in
 * one go.
 */
import { checkFunction, taskOf } from '../core/awaitable.ts';
import type { CancelledError } from '../core/errors.ts';
import { CANCELLED, DONE, executing, FAILED, type Future, STATE } from '../core/future.ts';
import { checkTaskOptions, spawn } from '../run/run.ts';
import { cancellationCausedBy, toCancelledError, settlerOf, CompositeFuture } from './composite-future.ts';
import type { Coroutine, Task, TaskBody, TaskOptions } from '../core/task.ts';
import { bridge, traced } from '../core/trace.ts';

/** What the body of a group gets. */
export interface TaskGroup {
  /**
   * A task that belongs to the group. After TaskGroup.create_task.
   * @throws Error when the group is ending or over; TypeError for what can be no task.
   */
  spawn<T>(body: (() => Coroutine<T>) | Coroutine<T>, options?: TaskOptions): Task<T>;
  spawn<T>(body: () => PromiseLike<T> | T, options?: TaskOptions): Task<T>;
  /** How many of its tasks have not ended, the body not counted. */
  readonly size: number;
}

/**
 * Runs `body` as a task, waits for it and for all tasks that were spawned into the group, and gives what the body gave. When one fails, or the
 * body is cancelled, or the waiting for the group is, all that have not ended are cancelled, one after another, the youngest first and the
 * body last; the clean-up of each has ended before the next is cancelled. A task of the group that is cancelled alone ends alone.
 *
 * It fails with the very error when one failed, with an AggregateError of all when several did (Python: always an ExceptionGroup); an
 * error comes before a cancellation.
 *
 * @throws TypeError at once when `body` is no function.
 * @example
 * const log = [];
 * const dinner = group(async (kitchen) => {
 *   kitchen.spawn(async () => { try { await sleep(60_000); } finally { log.push('oven off'); } });
 *   kitchen.spawn(async () => { throw new Error('no more eggs'); });
 * });
 * await assert.rejects(dinner, { message: 'no more eggs' });
 * log; // → ['oven off']
 */
export function group<T>(body: (group: TaskGroup) => Coroutine<T>, options?: TaskOptions): Future<T>;
export function group<T>(body: (group: TaskGroup) => PromiseLike<T> | T, options?: TaskOptions): Future<T>;
export function group<T>(body: (group: TaskGroup) => unknown, options: TaskOptions = {}): Future<T> {
  checkFunction('group', body);
  checkTaskOptions('group()', options);
  return new Group<T>(body, options);
}

class Group<T> extends CompositeFuture<T> implements TaskGroup {
  readonly #name: string;
  readonly #body: Task<T>;
  /** Those that have not ended, the oldest first. */
  readonly #living = new Set<Future>();
  readonly #errors = new Set<unknown>();
  /** What those that have not ended are cancelled with; null: all is well. */
  #ending: CancelledError | null = null;
  /** The cancellation that is its end unless one failed. */
  #cancelled: CancelledError | null = null;
  /** Once it is ending: those that are still to end, the oldest first. */
  #turns: Future[] | null = null;
  /** The one that was cancelled and has not ended. */
  #cleaning: Future | null = null;

  constructor(body: (group: TaskGroup) => unknown, options: TaskOptions) {
    super('task-group', options.name ?? 'group');
    this.#name = options.name ?? '';
    if (traced) bridge.site = this.group.site;
    this.#body = this.#add(taskOf<[TaskGroup], T>(body, [this], options));
  }

  get size(): number {
    return this.#living.size - (this.#body.isDone ? 0 : 1);
  }

  spawn<U>(body: TaskBody<U> | Coroutine<U>, options?: TaskOptions): Task<U> {
    if (this.#ending !== null || this.#living.size === 0)
      throw new Error(
        `${this.describe()} ${this.#ending !== null ? 'is ending' : 'is over'}; spawn() needs one that goes on`,
      );
    return this.#add(spawn(body as () => Coroutine<U>, options));
  }

  #add<U>(task: Task<U>): Task<U> {
    task.markHandled();
    this.#living.add(task as Future);
    this.listenTo(task as Future);
    return task;
  }

  protected memberEnded(member: Future, index: number): void {
    this.#living.delete(member);
    const state = member.flags & STATE;
    if (state === FAILED) this.#errors.add(member.value);
    const isEnd = state === FAILED || (state === CANCELLED && member === (this.#body as Future));
    if (isEnd && this.#ending === null) {
      this.group.decides(member, index);
      if (state === CANCELLED) this.#cancelled = member.value as CancelledError;
      this.#ending = cancellationCausedBy(
        member,
        state === FAILED ? 'another of its group failed' : 'the body of its group was cancelled',
      );
    }
    if (this.#living.size === 0) {
      if (this.#ending === null) this.group.decides(member, index);
      this.#end(member);
    } else if (this.#ending !== null) this.#endYoungest();
  }

  /** Cancels the youngest that has not ended, unless it was already and still cleans up. */
  #endYoungest(): void {
    const turns = (this.#turns ??= [...this.#living]);
    while (turns.at(-1)?.isDone === true) turns.pop();
    const youngest = turns.at(-1) ?? null;
    if (youngest === this.#cleaning) return;
    this.#cleaning = youngest;
    youngest?.cancel(this.#ending);
  }

  #end(last: Future): void {
    const by = settlerOf(last);
    const errors = [...this.#errors];
    if (errors.length === 1) this.settle(FAILED, errors[0], by);
    else if (errors.length > 1) this.settle(FAILED, new AggregateError(errors, this.#sentence(errors)), by);
    else if (this.#cancelled !== null) this.settle(CANCELLED, this.#cancelled, by);
    else this.settle(DONE, this.#body.value, by);
  }

  #sentence(errors: readonly unknown[]): string {
    const messages = errors.map((error) => (error instanceof Error ? error.message : String(error)));
    return `${errors.length} tasks of ${this.describe()} failed: ${messages.join('; ')}`;
  }

  /** It is over when all have ended. A second time it asks for nothing more. */
  override cancel(why?: unknown): boolean {
    if (this.isDone || this.#living.size === 0) return false;
    const error = toCancelledError(why);
    // Those whose turn comes later are cancelled by the same one.
    if (traced) error.by ??= executing();
    this.#cancelled ??= error;
    this.#ending ??= error;
    this.#endYoungest();
    return true;
  }

  override describe(): string {
    return this.#name === '' ? 'the group' : `group "${this.#name}"`;
  }
}
