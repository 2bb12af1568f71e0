/**
 * A queue between tasks: bounded or not, closed when no further item will be put. After
 * asyncio.Queue.
 *
 *   waiting putters ─▶ [ store: at most `capacity` items ] ─▶ waiting getters
 *
 * An item that finds a getter waiting is handed to it at once; room that appears goes to the first
 * putter at once. So getters wait only while the store is empty and putters only while it is full,
 * and no task can push in front of those that wait.
 *
 * An item that was handed to a getter which is cancelled before it runs goes to the next getter, or
 * back to its place at the front. When a putter was let in meanwhile, the queue holds one item more
 * than its capacity until the next `get`.
 */
import { FLAG, KIND, REASON, type ResourceKind } from '../trace/format/kinds.ts';
import { abortable, type SignalOptions } from '../tasks/core/abort.ts';
import { describeValue } from '../tasks/core/describe-value.ts';
import { DONE, FAILED } from '../tasks/core/future-state.ts';
import { Future } from '../tasks/core/future.ts';
import { isGenerator } from '../tasks/core/generators.ts';
import type { Coroutine } from '../tasks/core/task.ts';
import { isThenable } from '../tasks/core/thenable.ts';
import { recorder, traced } from '../tasks/core/trace.ts';
import { QueueClosed, QueueEmpty, QueueFull } from './errors.ts';
import { FifoStore, type ItemStore } from './item-store.ts';
import { GetOperation, NextOperation, PutOperation } from './queue-operations.ts';
import {
  beginResource,
  checkSyncOptions,
  describeResource,
  ResourceOperation,
  showResource,
  showWaiters,
} from './resource.ts';
import { askingTask, WaitQueue, WaitQueueEntry } from './wait-queue.ts';

/** By what the trace calls a queue. */
const CLASS_NAMES: { readonly [Kind in ResourceKind]?: string } = {
  'priority-queue': 'PriorityQueue',
  'lifo-queue': 'LifoQueue',
};

/** How a queue is made. */
export interface QueueOptions {
  /**
   * How many items it holds at most, from 1 up; `put` waits for room. Without it: any number, and
   * `put` never waits.
   */
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
  readonly #getters = new WaitQueue<GetOperation<T, unknown>>();
  readonly #putters = new WaitQueue<PutOperation<T>>();
  readonly #joiners = new WaitQueue<WaitQueueEntry<void>>();
  readonly #getWait: ResourceOperation;
  readonly #nextWait: ResourceOperation;
  readonly #putWait: ResourceOperation;
  readonly #joinWait: ResourceOperation;
  /**
   * What `put` returns when there was room: one future for all calls. Traced, each call gets its
   * own, which knows the task that settled it.
   */
  readonly #putDone: Future<void>;
  /** @internal Its id in the trace. */
  readonly id: number;
  #serial = 0;
  #unfinished = 0;
  #isClosed = false;

  /**
   * @throws RangeError for a capacity that is no whole number from 1 up (Python takes 0 for
   *   "without bound"; here: leave it out).
   */
  constructor(options: QueueOptions = {}) {
    const { store, kind } = this.createStore(options);
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
    this.#store = store;
    this.id = beginResource(kind, this.name, capacity);
    this.#getWait = this.#operation(REASON['queue-get'], 'get() of');
    this.#nextWait = this.#operation(REASON['queue-get'], 'next() of');
    this.#putWait = this.#operation(REASON['queue-put'], 'put() into');
    this.#joinWait = this.#operation(REASON.join, 'join() of');
    this.#putDone = this.#completedPut();
  }

  /** How many items are in it. */
  get size(): number {
    return this.#store.size;
  }

  /** It holds no item: `get` would wait. */
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
   * Puts the item in as soon as there is room, in the order of asking. Once it is in it stays in,
   * even when the task that put it is cancelled before it goes on. After asyncio.Queue.put.
   * @throws QueueClosed at the call; (fails) with QueueClosed when the queue is closed while the
   *   item waits outside.
   */
  put(item: T, options?: SignalOptions): Future<void> {
    if (options === undefined) return this.putItem(item, 0);
    return abortable('put() into a queue', options, () => this.putItem(item, 0)) as Future<void>;
  }

  /** Puts the item in at once. After asyncio.Queue.put_nowait. @throws QueueFull, QueueClosed. */
  putNow(item: T): void {
    this.putItemNow(item, 0);
  }

  /**
   * The next item, as soon as there is one, in the order of asking. After asyncio.Queue.get.
   * @throws (fails) with QueueClosed when the queue is closed and nothing is left in it.
   */
  get(options?: SignalOptions): Future<T> {
    if (options !== undefined) return abortable('get() of a queue', options, () => this.get());
    return this.#take(new GetOperation<T>(this.#getWait, this)) as Future<T>;
  }

  /**
   * The next item, which must be there. After asyncio.Queue.get_nowait.
   * @throws QueueEmpty; QueueClosed when closed and empty.
   */
  getNow(): T {
    if (this.#store.size === 0) {
      if (this.#isClosed) throw this.closedAndEmpty();
      if (traced) this.#recordRefusal(KIND.get);
      throw new QueueEmpty(`${this.#describe()} is empty; getNow() needs an item in it`);
    }
    const item = this.#store.pop();
    if (traced)
      this.#recordMove(KIND.get, FLAG.moveNow, askingTask(), this.#store.serial, this.#store.priority);
    this.#letPuttersIn();
    return item;
  }

  /**
   * As `get`, for loops that end with the queue: `{ done: false, value }`, or `{ done: true }` when
   * it is closed and empty. In a coroutine:
   * `for (let step; !(step = yield* queue.next()).done; ) work(step.value)`.
   */
  next(options?: SignalOptions): Future<IteratorResult<T, undefined>> {
    if (options !== undefined) return abortable('next() of a queue', options, () => this.next());
    return this.#take(new NextOperation<T>(this.#nextWait, this)) as Future<IteratorResult<T, undefined>>;
  }

  /**
   * For coroutines: calls `work` with each item until the queue is closed and empty.
   * `yield* queue.each(function* (item) { … })`. When `work` returns a coroutine, a future or a
   * promise, it is waited for.
   */
  *each(work: (item: T) => unknown): Coroutine<void> {
    if (typeof work !== 'function')
      throw new TypeError(`each() needs a function to call with each item, not ${describeValue(work)}`);
    for (;;) {
      const { done, value } = yield* this.next();
      if (done === true) return;
      const returned = work(value as T);
      if (isGenerator(returned)) yield* returned as Coroutine<unknown>;
      else if (isThenable(returned)) yield returned;
    }
  }

  /**
   * `for await (const item of queue)`: each item, until the queue is closed and empty. Several
   * tasks may iterate; each item goes to one of them.
   */
  [Symbol.asyncIterator](): AsyncIterator<T, undefined> & AsyncIterable<T, undefined> {
    const iterator = {
      next: () => this.next(),
      return: () => Future.done({ done: true as const, value: undefined }),
      [Symbol.asyncIterator]: () => iterator,
    };
    // `for await` takes a future as it takes a promise; the types want an instance of Promise.
    return iterator as unknown as AsyncIterator<T, undefined> & AsyncIterable<T, undefined>;
  }

  /**
   * Reports that one of the items that came out has been dealt with. After asyncio.Queue.task_done.
   * @throws RangeError when it is called more often than items were put (Python: ValueError).
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

  /** Done when `taskDone` was called for every item that was put. After asyncio.Queue.join. */
  join(options?: SignalOptions): Future<void> {
    if (options !== undefined) return abortable('join() of a queue', options, () => this.join());
    const join = new WaitQueueEntry<void>(this.#joinWait);
    if (this.#unfinished === 0) join.settle(DONE, undefined);
    else this.#joiners.add(join);
    return join;
  }

  /**
   * Closes it: no further item goes in. The items in it can still be got; after the last one `get`
   * fails with QueueClosed and iteration ends. The waits of putters, and of getters that no item
   * can reach any more, end now in the same way. Closing twice is no error. After
   * asyncio.Queue.shutdown (Python 3.13).
   */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (traced) recorder.write(KIND.resourceEnd, 0, askingTask(), this.id, 0, 0, 0);
    for (let put = this.#putters.removeFirst(); put !== null; put = this.#putters.removeFirst())
      put.settle(FAILED, this.#closedToPut('put'));
    for (let get = this.#getters.removeFirst(); get !== null; get = this.#getters.removeFirst())
      get.settleClosed();
  }

  // What follows is for the other queues and for the operations.

  /** @internal Where the items are kept, and what the trace calls such a queue. */
  protected createStore(_options: QueueOptions): { store: ItemStore<T>; kind: ResourceKind } {
    return { store: new FifoStore<T>(), kind: 'queue' };
  }

  /** @internal */
  protected putItem(item: T, priority: number): Future<void> {
    if (this.#isClosed) throw this.#closedToPut('put');
    if (this.#store.size < this.capacity) {
      this.#accept(item, priority, 0, traced ? askingTask() : 0);
      return traced ? this.#completedPut() : this.#putDone;
    }
    const put = new PutOperation(this.#putWait, item, priority);
    this.#putters.add(put);
    return put;
  }

  /** @internal */
  protected putItemNow(item: T, priority: number): void {
    if (this.#isClosed) throw this.#closedToPut('putNow');
    if (this.#store.size >= this.capacity) {
      if (traced) this.#recordRefusal(KIND.put);
      throw new QueueFull(
        `${this.#describe()} is full (${this.#store.size} of ${this.capacity}); putNow() needs room in it`,
      );
    }
    this.#accept(item, priority, FLAG.moveNow, traced ? askingTask() : 0);
  }

  /** @internal */
  returnItem(item: T, priority: number, serial: number, asker: number): void {
    const getter = this.#getters.removeFirst();
    this.#store.returnItem(item, priority, serial);
    if (traced) this.#recordMove(KIND.put, 0, asker, serial, priority);
    if (getter !== null) this.#handTo(getter);
  }

  /** @internal */
  closedAndEmpty(): QueueClosed {
    return new QueueClosed(`${this.#describe()} is closed and nothing is left in it`);
  }

  #completedPut(): Future<void> {
    const put = new PutOperation<T>(this.#putWait, undefined as T, 0);
    put.settle(DONE, undefined);
    return put;
  }

  #accept(item: T, priority: number, flags: number, asker: number): void {
    const serial = ++this.#serial;
    this.#unfinished++;
    this.#store.push(item, priority, serial);
    if (traced) this.#recordMove(KIND.put, flags, asker, serial, priority);
    if (this.#getters.size > 0) this.#handTo(this.#getters.removeFirst()!);
  }

  #take(get: GetOperation<T, unknown>): Future<unknown> {
    if (this.#store.size > 0) {
      this.#handTo(get);
      this.#letPuttersIn();
    } else if (this.#isClosed) get.settleClosed();
    else this.#getters.add(get);
    return get;
  }

  /** The first item goes to this getter. */
  #handTo(get: GetOperation<T, unknown>): void {
    const store = this.#store;
    const item = store.pop();
    if (traced) this.#recordMove(KIND.get, 0, get.asker, store.serial, store.priority);
    get.handItem(item, store.priority, store.serial);
  }

  /** There is room: the items of the first putters go in. */
  #letPuttersIn(): void {
    while (this.#putters.size > 0 && this.#store.size < this.capacity) {
      const put = this.#putters.removeFirst()!;
      this.#accept(put.item, put.priority, 0, put.asker);
      put.settle(DONE, undefined);
    }
  }

  #recordMove(kind: number, flags: number, asker: number, serial: number, priority: number): void {
    recorder.write(kind, flags, asker, this.id, this.#store.size, serial, priority);
  }

  #recordRefusal(kind: number): void {
    this.#recordMove(kind, FLAG.moveNow | FLAG.moveRefused, askingTask(), 0, 0);
  }

  #operation(reason: number, call: string): ResourceOperation {
    return new ResourceOperation(reason, this.id, () => `${call} ${this.#describe()}`);
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

  /** @internal What `console.log` shows of it. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return showResource(CLASS_NAMES[this.#kind] ?? 'Queue', this.name, [
      this.#showItems(),
      showWaiters(this.#putters.size, ' to put'),
      showWaiters(this.#getters.size, ' for an item'),
      this.#isClosed ? 'closed' : '',
    ]);
  }

  #showItems(): string {
    const { size } = this.#store;
    if (this.capacity !== Infinity) return `${size} of ${this.capacity} items`;
    return size === 1 ? '1 item' : `${size} items`;
  }
}
