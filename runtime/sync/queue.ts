/**
 * A queue between tasks: bounded or not, closed by whoever is done with putting. After asyncio.Queue.
 *
 *   putters in line ─▶ [ shelf: at most `capacity` items ] ─▶ getters in line
 *
 * An item that finds a getter waiting is handed to it at once; room that appears goes to the first putter at once. So there are waiting getters only
 * while the shelf is empty and waiting putters only while it is full, and nobody can push in front of those who wait.
 *
 * What was handed to a getter that is cancelled before it runs goes to the next getter, or back to its place at the front; if meanwhile a
 * putter was let in, the queue then holds one more than its capacity until the next `get`.
 */
import { describeValue } from '../tasks/core/describe-value.ts';
import { FLAG, KIND, type ResourceKind, REASON } from '../trace/format/kinds.ts';
import { type CancelledError } from '../tasks/core/errors.ts';
import { DONE, FAILED } from '../tasks/core/future-state.ts';
import { Future } from '../tasks/core/future.ts';
import type { Coroutine } from '../tasks/core/task.ts';
import { isGenerator } from '../tasks/core/generators.ts';
import { recorder, traced } from '../tasks/core/trace.ts';
import { QueueClosed, QueueEmpty, QueueFull } from './errors.ts';
import { askingTask, WaitQueueEntry, WaitQueue } from './wait-queue.ts';
import { beginResource, describeResource, checkSyncOptions } from './resource.ts';
import { FifoStore, type ItemStore } from './item-store.ts';

const WAITS_TO_GET = REASON['queue-get'];
const WAITS_TO_PUT = REASON['queue-put'];
const WAITS_TO_JOIN = REASON.join;

/** How a queue is made. */
export interface QueueOptions {
  /** How many items it holds at most, from 1 up; `put` waits for room. Without it: any number, and `put` never waits. */
  readonly capacity?: number;
  /** How the trace and messages call it. */
  readonly name?: string;
}

/**
 * First in, first out, between tasks. After asyncio.Queue.
 * @example
 * const orders = new Queue({ capacity: 2, name: 'orders' });
 * const cook = spawn(async () => {
 *   const cooked = [];
 *   for await (const order of orders) cooked.push(order);
 *   return cooked;
 * });
 * for (const order of ['soup', 'rice', 'tea']) await orders.put(order);
 * orders.close();
 * await cook; // → ['soup', 'rice', 'tea']
 */
export class Queue<T> {
  /** As given; `''` without. */
  readonly name: string;
  /** How many items it holds at most; Infinity without bound. */
  readonly capacity: number;
  readonly #kind: ResourceKind;
  readonly #store: ItemStore<T>;
  readonly #getters = new WaitQueue<Get<T, unknown>>();
  readonly #putters = new WaitQueue<Put<T>>();
  readonly #joiners = new WaitQueue<Join<T>>();
  /** What `put` gives when there was room: one for all; traced, one for each, for it tells who settled it. */
  readonly #putDone: Future<void>;
  /** @internal Its id in the trace. */
  readonly id: number;
  #serial = 0;
  #unfinished = 0;
  #isClosed = false;

  /** @throws RangeError for a capacity that is no whole number from 1 up (Python takes 0 for "without bound"; here: leave it out). */
  constructor(options: QueueOptions = {}) {
    const { shelf, kind } = this.keeping(options);
    const names = kind === 'priority-queue' ? ['capacity', 'priority'] : ['capacity'];
    this.#kind = kind;
    this.name = checkSyncOptions(kind, options, ...names);
    const { capacity = Infinity } = options;
    if (capacity !== Infinity && !(Number.isSafeInteger(capacity) && capacity > 0)) {
      throw new RangeError(
        `the capacity of ${this.#describe()} must be a whole number from 1 up, or left out for no bound; not ${describeValue(capacity)}`,
      );
    }
    this.capacity = capacity;
    this.#store = shelf;
    this.id = beginResource(kind, this.name, capacity);
    this.#putDone = this.#entered();
  }

  /** How many items are in it. */
  get size(): number {
    return this.#store.size;
  }

  /** Nothing is in it: `get` would wait. */
  get isEmpty(): boolean {
    return this.#store.size === 0;
  }

  /** No room: `put` would wait. Never true without a capacity. */
  get isFull(): boolean {
    return this.#store.size >= this.capacity;
  }

  /** `close` was called; something may still be in it. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /**
   * Puts the item in as soon as there is room, in the order of asking. Once it is in it stays in, even when the task that put it is cancelled
   * before it goes on. After asyncio.Queue.put.
   * @throws QueueClosed at the call; (fails) with QueueClosed when the queue is closed while the item waits outside.
   */
  put(item: T): Future<void> {
    return this.offer(item, 0);
  }

  /** Puts the item in at once. After asyncio.Queue.put_nowait. @throws QueueFull, QueueClosed. */
  putNow(item: T): void {
    this.offerNow(item, 0);
  }

  /**
   * The next item, as soon as there is one, in the order of asking. After asyncio.Queue.get.
   * @throws (fails) with QueueClosed when the queue is closed and nothing is left in it.
   */
  get(): Future<T> {
    return this.#take(new Get<T>(this)) as Future<T>;
  }

  /** The next item, which must be there. After asyncio.Queue.get_nowait. @throws QueueEmpty; QueueClosed when closed and empty. */
  getNow(): T {
    if (this.#store.size === 0) {
      if (this.#isClosed) throw this.closedAndEmpty();
      if (traced)
        recorder.write(
          KIND.get,
          FLAG.moveNow | FLAG.moveRefused,
          askingTask(),
          this.id,
          this.#store.size,
          0,
          0,
        );
      throw new QueueEmpty(`${this.#describe()} is empty; getNow() needs an item in it`);
    }
    const item = this.#store.pop();
    if (traced)
      this.#recordMove(KIND.get, FLAG.moveNow, askingTask(), this.#store.serial, this.#store.priority);
    this.#letIn();
    return item;
  }

  /**
   * As `get`, for loops that end with the queue: `{ done: false, value }`, or `{ done: true }` when it is closed and empty.
   * In a coroutine: `for (let step; !(step = yield* queue.next()).done; ) work(step.value)`.
   */
  next(): Future<IteratorResult<T, undefined>> {
    return this.#take(new Next<T>(this)) as Future<IteratorResult<T, undefined>>;
  }

  /**
   * For coroutines: does something with each item until the queue is closed and empty. `yield* queue.each(function* (item) { … })`.
   * What `work` gives is waited for when it is a coroutine, a future or a promise.
   */
  *each(work: (item: T) => unknown): Coroutine<void> {
    if (typeof work !== 'function')
      throw new TypeError(`each() needs a function to call with each item, not ${describeValue(work)}`);
    for (;;) {
      const { done, value } = yield* this.next();
      if (done === true) return;
      const made = work(value as T);
      if (isGenerator(made)) yield* made as Coroutine<unknown>;
      else if (made !== undefined && made !== null && typeof (made as { then?: unknown }).then === 'function')
        yield made as PromiseLike<unknown>;
    }
  }

  /** `for await (const item of queue)`: each item, until the queue is closed and empty. Several may iterate; each item goes to one. */
  [Symbol.asyncIterator](): AsyncIterator<T, undefined> & AsyncIterable<T, undefined> {
    const iterator = {
      next: () => this.next(),
      return: () => Future.done({ done: true as const, value: undefined }),
      [Symbol.asyncIterator]: () => iterator,
    };
    // A future is as good as a promise to `for await`; it only is no instance of one.
    return iterator as unknown as AsyncIterator<T, undefined> & AsyncIterable<T, undefined>;
  }

  /**
   * Says that one of the items that came out has been dealt with. After asyncio.Queue.task_done.
   * @throws RangeError when it is said more often than items were put (Python: ValueError).
   */
  taskDone(): void {
    if (this.#unfinished === 0) {
      throw new RangeError(
        `taskDone() was called too often: every item that was put into ${this.#describe()} is done already`,
      );
    }
    if (--this.#unfinished > 0) return;
    for (let join = this.#joiners.removeFirst(); join !== null; join = this.#joiners.removeFirst())
      join.settle(DONE, undefined);
  }

  /** Done when every item that was put has been told of with `taskDone`. After asyncio.Queue.join. */
  join(): Future<void> {
    const join = new Join<T>(this);
    if (this.#unfinished === 0) join.settle(DONE, undefined);
    else this.#joiners.add(join);
    return join;
  }

  /**
   * Nothing goes in any more. What is in it can still be got, then `get` fails with QueueClosed and iteration ends; whoever waits
   * to put, or to get what cannot come any more, is told now. Closing twice is no error. After asyncio.Queue.shutdown (Python 3.13).
   */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (traced) recorder.write(KIND.resourceEnd, 0, askingTask(), this.id, 0, 0, 0);
    for (let put = this.#putters.removeFirst(); put !== null; put = this.#putters.removeFirst())
      put.settle(FAILED, this.#closedToPut('put'));
    for (let get = this.#getters.removeFirst(); get !== null; get = this.#getters.removeFirst()) get.ended();
  }

  // What follows is for the other queues and for the operations.

  /** @internal Where the items are kept, and what the trace calls such a queue. */
  protected keeping(_options: QueueOptions): { shelf: ItemStore<T>; kind: ResourceKind } {
    return { shelf: new FifoStore<T>(), kind: 'queue' };
  }

  /** @internal */
  protected offer(item: T, priority: number): Future<void> {
    if (this.#isClosed) throw this.#closedToPut('put');
    if (this.#store.size < this.capacity) {
      this.#accept(item, priority, 0, traced ? askingTask() : 0);
      return traced ? this.#entered() : this.#putDone;
    }
    const put = new Put(this, item, priority);
    this.#putters.add(put);
    return put;
  }

  /** @internal */
  protected offerNow(item: T, priority: number): void {
    if (this.#isClosed) throw this.#closedToPut('putNow');
    if (this.#store.size >= this.capacity) {
      if (traced)
        recorder.write(
          KIND.put,
          FLAG.moveNow | FLAG.moveRefused,
          askingTask(),
          this.id,
          this.#store.size,
          0,
          0,
        );
      throw new QueueFull(
        `${this.#describe()} is full (${this.#store.size} of ${this.capacity}); putNow() needs room in it`,
      );
    }
    this.#accept(item, priority, FLAG.moveNow, traced ? askingTask() : 0);
  }

  /** @internal Somebody was handed this item and did not take it: to the next in line, else back to where it stood. */
  returnItem(item: T, priority: number, serial: number, asker: number): void {
    const getter = this.#getters.removeFirst();
    this.#store.returnItem(item, priority, serial);
    if (traced) this.#recordMove(KIND.put, 0, asker, serial, priority);
    if (getter !== null) this.#hand(getter);
  }

  /** @internal */
  closedAndEmpty(): QueueClosed {
    return new QueueClosed(`${this.#describe()} is closed and nothing is left in it`);
  }

  #entered(): Future<void> {
    const put = new Put<T>(this, undefined as T, 0);
    put.settle(DONE, undefined);
    return put;
  }

  #accept(item: T, priority: number, flags: number, asker: number): void {
    const serial = ++this.#serial;
    this.#unfinished++;
    this.#store.push(item, priority, serial);
    if (traced) this.#recordMove(KIND.put, flags, asker, serial, priority);
    if (this.#getters.size > 0) this.#hand(this.#getters.removeFirst()!);
  }

  #take(get: Get<T, unknown>): Future<unknown> {
    if (this.#store.size > 0) {
      this.#hand(get);
      this.#letIn();
    } else if (this.#isClosed) get.ended();
    else this.#getters.add(get);
    return get;
  }

  /** The first item goes to this getter. */
  #hand(get: Get<T, unknown>): void {
    const shelf = this.#store;
    const item = shelf.pop();
    if (traced) this.#recordMove(KIND.get, 0, get.asker, shelf.serial, shelf.priority);
    get.hand(item, shelf.priority, shelf.serial);
  }

  /** There is room: the first who wait to put are done. */
  #letIn(): void {
    while (this.#putters.size > 0 && this.#store.size < this.capacity) {
      const put = this.#putters.removeFirst()!;
      this.#accept(put.item, put.priority, 0, put.asker);
      put.settle(DONE, undefined);
    }
  }

  #recordMove(kind: number, flags: number, by: number, serial: number, priority: number): void {
    recorder.write(kind, flags, by, this.id, this.#store.size, serial, priority);
  }

  #closedToPut(call: string): QueueClosed {
    return new QueueClosed(`${this.#describe()} is closed; ${call}() needs an open queue`);
  }

  #describe(): string {
    return describeResource(this.#kind.replace('-', ' '), this.name);
  }

  /** For error messages: `queue "orders"`. */
  toString(): string {
    return this.#describe();
  }
}

/** An operation on a queue. */
abstract class Operation<T, Value> extends WaitQueueEntry<Value> {
  readonly queue: Queue<T>;
  constructor(queue: Queue<T>) {
    super();
    this.queue = queue;
  }
  override waitTarget(): number {
    return this.queue.id;
  }
}

class Get<T, Value = T> extends Operation<T, Value> {
  /** Of the item that it was handed. */
  #serial = 0;
  #priority = 0;

  hand(item: T, priority: number, serial: number): void {
    this.#serial = serial;
    this.#priority = priority;
    this.settle(DONE, this.wrapped(item));
  }
  /** Nothing will come any more. */
  ended(): void {
    this.settle(FAILED, this.queue.closedAndEmpty());
  }
  protected wrapped(item: T): unknown {
    return item;
  }
  protected override release(value: Value): void {
    this.back(value as unknown as T);
  }
  protected back(item: T): void {
    this.queue.returnItem(item, this.#priority, this.#serial, this.asker);
  }
  override waitReason(): number {
    return WAITS_TO_GET;
  }
  override describe(): string {
    return `get() of ${String(this.queue)}`;
  }
}

class Next<T> extends Get<T, IteratorResult<T, undefined>> {
  override ended(): void {
    this.settle(DONE, { done: true, value: undefined });
  }
  protected override wrapped(item: T): unknown {
    return { done: false, value: item };
  }
  protected override release(step: IteratorResult<T, undefined>): void {
    if (step.done !== true) this.back(step.value);
  }
  override describe(): string {
    return `next() of ${String(this.queue)}`;
  }
}

class Put<T> extends Operation<T, void> {
  readonly item: T;
  readonly priority: number;
  constructor(queue: Queue<T>, item: T, priority: number) {
    super(queue);
    this.item = item;
    this.priority = priority;
  }
  /** It is in, whoever knows of it. */
  override onUntaken(_error: CancelledError): void {}
  override waitReason(): number {
    return WAITS_TO_PUT;
  }
  override describe(): string {
    return `put() into ${String(this.queue)}`;
  }
}

class Join<T> extends Operation<T, void> {
  override waitReason(): number {
    return WAITS_TO_JOIN;
  }
  override describe(): string {
    return `join() of ${String(this.queue)}`;
  }
}
