/** One publishes, all subscribers get it. */
import type { SignalOptions } from '../tasks/core/abort.ts';
import { gather } from '../tasks/combinators/gather.ts';
import { DONE } from '../tasks/core/future-state.ts';
import { Future } from '../tasks/core/future.ts';
import { QueueClosed } from './errors.ts';
import type { SyncOptions } from './permit-pool.ts';
import { Queue } from './queue.ts';
import { checkSyncOptions, describeResource, showResource } from './resource.ts';

/** How much a subscriber may be behind. */
export interface SubscribeOptions {
  /** How many values wait for it at most; `publish` waits for room. Without it: any number. */
  readonly capacity?: number;
}

/**
 * Publish and subscribe: each subscriber gets every value that is published while it is subscribed,
 * in order. After the publish–subscribe of ZeroMQ and trio's broadcast channels.
 * @example
 * const news = new Topic();
 * const reader = async () => {
 *   const read = [];
 *   for await (const line of news.subscribe()) read.push(line);
 *   return read;
 * };
 * const readers = gather([reader, reader]);
 * await sleep(0);
 * await news.publish('sunny');
 * news.close();
 * await readers; // → [['sunny'], ['sunny']]
 */
export class Topic<T> {
  /** As given; `''` without. */
  readonly name: string;
  readonly #subscriptions = new Set<Subscription<T>>();
  #isClosed = false;
  #serial = 0;

  /** @throws TypeError at once when the name is no text. */
  constructor(options: SyncOptions = {}) {
    this.name = checkSyncOptions('topic', options);
  }

  /** How many are subscribed. */
  get size(): number {
    return this.#subscriptions.size;
  }

  /**
   * Gives the value to all who are subscribed now.
   * @returns done when every one of them has room for it.
   * @throws QueueClosed when the topic is closed.
   */
  publish(value: T): Future<void> {
    if (this.#isClosed) throw new QueueClosed(`${this.#describe()} is closed; publish() needs an open one`);
    const puts = [...this.#subscriptions].map((subscription) => subscription.queue.put(value));
    if (puts.every((put) => put.isDone)) return Future.done(undefined);
    const all = new Future<void>();
    gather(puts, { returnErrors: true }).onDone(() => all.settle(DONE, undefined));
    return all;
  }

  /** From here on its values are the subscription's, too. @throws as Queue for a capacity. */
  subscribe(options: SubscribeOptions = {}): Subscription<T> {
    const name = this.name === '' ? '' : `${this.name} ${++this.#serial}`;
    const queue = new Queue<T>({ ...options, name });
    const subscription = new Subscription<T>(queue, () => this.#subscriptions.delete(subscription));
    if (this.#isClosed) queue.close();
    else this.#subscriptions.add(subscription);
    return subscription;
  }

  /** No further value comes: the loops of subscribers end when they have what is there. */
  close(): void {
    this.#isClosed = true;
    for (const { queue } of this.#subscriptions) queue.close();
    this.#subscriptions.clear();
  }

  #describe(): string {
    return describeResource('topic', this.name);
  }

  /** @internal What `console.log` shows of it. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return showResource('Topic', this.name, [`${this.size} subscribed`, this.#isClosed ? 'closed' : '']);
  }
}

/** What a subscriber gets: `for await (const value of subscription)`; leaving the loop ends it. */
export class Subscription<T> implements AsyncIterable<T, undefined> {
  /** @internal */
  readonly queue: Queue<T>;
  readonly #leave: () => void;

  /** @internal Use `subscribe()`. */
  constructor(queue: Queue<T>, leave: () => void) {
    this.queue = queue;
    this.#leave = leave;
  }

  /** How many values wait. */
  get size(): number {
    return this.queue.size;
  }

  /**
   * The next value.
   * @throws (fails) with QueueClosed when the topic is closed and nothing is left.
   */
  get(options?: SignalOptions): Future<T> {
    return this.queue.get(options);
  }

  /** As `next` of a queue: for loops of coroutines. */
  next(options?: SignalOptions): Future<IteratorResult<T, undefined>> {
    return this.queue.next(options);
  }

  /** Nothing more comes, and what waits is dropped. */
  close(): void {
    this.#leave();
    this.queue.close();
    while (!this.queue.isEmpty) this.queue.getNow();
  }

  /** For `for await`; leaving the loop closes it. */
  [Symbol.asyncIterator](): AsyncIterator<T, undefined> & AsyncIterable<T, undefined> {
    const iterator = {
      next: () => this.next(),
      return: () => {
        this.close();
        return Future.done({ done: true as const, value: undefined });
      },
      [Symbol.asyncIterator]: () => iterator,
    };
    // `for await` takes a future as it takes a promise; the types want an instance of Promise.
    return iterator as unknown as AsyncIterator<T, undefined> & AsyncIterable<T, undefined>;
  }

  /** @internal What `console.log` shows of it. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `Subscription (${this.size} ${this.size === 1 ? 'value' : 'values'})`;
  }
}
