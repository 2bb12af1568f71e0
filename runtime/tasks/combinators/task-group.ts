/**
 * Tasks that end together: the group is over when its body and all its tasks are, and when one of
 * them fails the others are ended. After asyncio.TaskGroup, with the order of Effection's scopes:
 *
 *   body, a, b, c     b fails  ──▶  c is cancelled and cleans up, then a, then the body
 *                              ──▶  the group fails with b's error
 *
 * Tasks are cancelled one after another, the youngest first: a younger task may need an older one
 * until the end of its clean-up. asyncio cancels all at once.
 */
import { quoteName } from '../core/describe-value.ts';
import { cancelWhenAborted } from '../core/abort.ts';
import { checkFunction, taskOf } from '../core/awaitable.ts';
import { cancellationCausedBy, settlerOf, toCancelledError } from '../core/cancellation.ts';
import type { CancelledError } from '../core/errors.ts';
import { CANCELLED, DONE, FAILED, STATE } from '../core/future-state.ts';
import type { Future } from '../core/future.ts';
import { executing } from '../core/runner.ts';
import { checkTaskOptions, spawn } from '../core/spawn.ts';
import { type Blocker, blockersOf } from '../core/stuck.ts';
import type { Coroutine, Task, TaskBody, TaskOptions } from '../core/task.ts';
import { bridge, traced } from '../core/trace.ts';
import { WaitFuture } from '../core/wait-future.ts';
import { GroupTrace } from './group-trace.ts';

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
 * Runs `body` as a task, waits for it and for all tasks that were spawned into the group, and gives
 * what the body gave. When a task fails, or the body is cancelled, or the wait for the group is,
 * all tasks that have not ended are cancelled, one after another, the youngest first and the body
 * last. The clean-up of each has ended before the next is cancelled. A task of the group that is
 * cancelled alone ends alone.
 *
 * The group fails with the very error when one task failed, with an AggregateError of all errors
 * when several did (Python: always an ExceptionGroup). An error comes before a cancellation.
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
  const { signal, ...others } = options;
  const whole = new Group<T>(body, others);
  if (signal !== undefined) cancelWhenAborted(whole, signal);
  return whole;
}

class Group<T> extends WaitFuture<T> implements TaskGroup {
  readonly #group: GroupTrace;
  readonly #name: string;
  readonly #body: Task<T>;
  /** The tasks that have not ended, the oldest first. */
  readonly #living = new Set<Future>();
  readonly #errors = new Set<unknown>();
  /** What its tasks are cancelled with once the group is ending; null: it is not. */
  #ending: CancelledError | null = null;
  /** The cancellation that the group ends with unless a task failed. */
  #cancellation: CancelledError | null = null;
  /** Once it is ending: the tasks that are still to be cancelled, the oldest first. */
  #uncancelled: Future[] | null = null;
  /** The task that was cancelled and has not ended yet. */
  #cleaningUp: Future | null = null;

  constructor(body: (group: TaskGroup) => unknown, options: TaskOptions) {
    const group = new GroupTrace('task-group', options.name ?? 'group');
    super(group);
    this.#group = group;
    this.#name = options.name ?? '';
    if (traced) bridge.site = group.site;
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
    this.#group.listenTo(task as Future, (ended, index) => this.#memberEnded(ended, index));
    return task;
  }

  #memberEnded(member: Future, index: number): void {
    this.#living.delete(member);
    const state = member.flags & STATE;
    if (state === FAILED) this.#errors.add(member.value);
    const isEnd = state === FAILED || (state === CANCELLED && member === (this.#body as Future));
    if (isEnd && this.#ending === null) {
      this.#group.decides(member, index);
      if (state === CANCELLED) this.#cancellation = member.value as CancelledError;
      this.#ending = cancellationCausedBy(
        member,
        state === FAILED ? 'another of its group failed' : 'the body of its group was cancelled',
      );
    }
    if (this.#living.size === 0) {
      if (this.#ending === null) this.#group.decides(member, index);
      this.#end(member);
    } else if (this.#ending !== null) this.#cancelYoungest();
  }

  /** Cancels the youngest task that has not ended, unless it was cancelled and still cleans up. */
  #cancelYoungest(): void {
    const tasks = (this.#uncancelled ??= [...this.#living]);
    while (tasks.at(-1)?.isDone === true) tasks.pop();
    const youngest = tasks.at(-1) ?? null;
    if (youngest === this.#cleaningUp) return;
    this.#cleaningUp = youngest;
    youngest?.cancel(this.#ending);
  }

  #end(last: Future): void {
    const settler = settlerOf(last);
    const errors = [...this.#errors];
    if (errors.length === 1) this.settle(FAILED, errors[0], settler);
    else if (errors.length > 1)
      this.settle(FAILED, new AggregateError(errors, this.#failureMessage(errors)), settler);
    else if (this.#cancellation !== null) this.settle(CANCELLED, this.#cancellation, settler);
    else this.settle(DONE, this.#body.value, settler);
  }

  #failureMessage(errors: readonly unknown[]): string {
    const messages = errors.map((error) => (error instanceof Error ? error.message : String(error)));
    return `${errors.length} tasks of ${this.describe()} failed: ${messages.join('; ')}`;
  }

  /** Ends when all its tasks have ended. A second call changes nothing. */
  override cancel(reason?: unknown): boolean {
    if (this.isDone || this.#living.size === 0) return false;
    const error = toCancelledError(reason);
    // The tasks that are cancelled later are cancelled by the same author.
    if (traced) error.by ??= executing();
    this.#cancellation ??= error;
    this.#ending ??= error;
    this.#cancelYoungest();
    return true;
  }

  /** @internal */
  blockers(): readonly Blocker[] {
    return blockersOf(this.#living);
  }

  override abandon(graceMs: number): void {
    for (const member of [...this.#living].toReversed()) member.abandon(graceMs);
  }

  override describe(): string {
    return this.#name === '' ? 'the group' : `group ${quoteName(this.#name)}`;
  }
}
