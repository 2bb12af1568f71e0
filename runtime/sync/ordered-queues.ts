/**
 * Queues whose items come out in another order than they went in: by priority, or the latest first.
 * Everything else is `Queue`.
 */
import type { ResourceKind } from '../trace/format/kinds.ts';
import { abortable, type SignalOptions } from '../tasks/core/abort.ts';
import { describeValue } from '../tasks/core/describe-value.ts';
import type { Future } from '../tasks/core/future.ts';
import { type ItemStore, LifoStore, PriorityStore } from './item-store.ts';
import { Queue, type QueueOptions } from './queue.ts';

/** How a priority queue is made. */
export interface PriorityQueueOptions<T> extends QueueOptions {
  /**
   * The priority of an item that is put without one; the least comes first. Without this option:
   * the item itself, which must then be a number.
   */
  readonly priority?: (item: T) => number;
}

/**
 * The least priority first; of equals, the one that was put first. After asyncio.PriorityQueue,
 * which compares the items themselves.
 * @example
 * const chores = new PriorityQueue();
 * chores.putNow('sweep', 2);
 * chores.putNow('cook', 1);
 * chores.putNow('wash', 2);
 * chores.close();
 * await collect(chores); // → ['cook', 'sweep', 'wash']
 */
export class PriorityQueue<T> extends Queue<T> {
  readonly #priority: ((item: T) => number) | undefined;

  /** @throws TypeError when `priority` is no function. */
  constructor(options: PriorityQueueOptions<T> = {}) {
    if (options?.priority !== undefined && typeof options.priority !== 'function')
      throw new TypeError(
        `the priority of a priority queue must be a function of the item, not ${describeValue(options.priority)}`,
      );
    super(options);
    this.#priority = options.priority;
  }

  /**
   * As of `Queue`. After asyncio.PriorityQueue.put, where an item is a pair with its priority.
   * @param priority the least comes first; without it, as the queue's options say.
   * @throws TypeError at once for a priority that is no number; QueueClosed as of `Queue`.
   */
  override put(item: T, priority?: number | SignalOptions, options?: SignalOptions): Future<void> {
    if (typeof priority === 'object') return this.put(item, undefined, priority);
    const given = this.#priorityOf(item, priority);
    if (options === undefined) return this.putItem(item, given);
    return abortable('put() into a queue', options, () => this.putItem(item, given));
  }

  /** As of `Queue`. @throws TypeError for a priority that is no number; QueueFull, QueueClosed. */
  override putNow(item: T, priority?: number): void {
    this.putItemNow(item, this.#priorityOf(item, priority));
  }

  #priorityOf(item: T, given: number | undefined): number {
    const priority: unknown = given ?? (this.#priority === undefined ? item : this.#priority(item));
    if (typeof priority !== 'number' || Number.isNaN(priority))
      throw new TypeError(
        `an item of ${String(this)} needs a number for its priority, not ${describeValue(priority)}`,
      );
    return priority;
  }

  /** @internal */
  protected override createStore(): { store: ItemStore<T>; kind: ResourceKind } {
    return { store: new PriorityStore<T>(), kind: 'priority-queue' };
  }
}

/**
 * Last in, first out. After asyncio.LifoQueue.
 * @example
 * const plates = new LifoQueue();
 * for (const plate of ['first', 'second', 'third']) plates.putNow(plate);
 * plates.close();
 * await collect(plates); // → ['third', 'second', 'first']
 */
export class LifoQueue<T> extends Queue<T> {
  /** @internal */
  protected override createStore(): { store: ItemStore<T>; kind: ResourceKind } {
    return { store: new LifoStore<T>(), kind: 'lifo-queue' };
  }
}
