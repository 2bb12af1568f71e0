/** The calls of a pool that wait for a worker, the oldest first. The pool bounds it, or nobody. */
import type { Call } from './call.ts';

export class CallQueue {
  #calls: Call[] = [];
  /** Index of the first call that still waits. */
  #head = 0;

  get length(): number {
    return this.#calls.length - this.#head;
  }

  get isEmpty(): boolean {
    return this.#head === this.#calls.length;
  }

  push(call: Call): void {
    this.#calls.push(call);
  }

  peek(): Call | undefined {
    return this.#calls[this.#head];
  }

  removeFirst(): void {
    this.#head++;
  }

  /** Puts calls that no worker has started before all others. */
  unshift(calls: readonly Call[]): void {
    this.#calls = [...calls, ...this.#calls.slice(this.#head)];
    this.#head = 0;
  }

  /** Takes out the calls whose results nobody wants any more. */
  removeAbandoned(): Call[] {
    const waiting = this.#calls.slice(this.#head);
    this.#calls = waiting.filter(({ isAbandoned }) => !isAbandoned);
    this.#head = 0;
    return waiting.filter(({ isAbandoned }) => isAbandoned);
  }

  /** @returns all calls, and is empty then. */
  removeAll(): Call[] {
    const removed = this.#calls.slice(this.#head);
    this.#calls = [];
    this.#head = 0;
    return removed;
  }

  /** Frees the places of removed calls once they are the most: a long queue is moved seldom. */
  compact(): void {
    if (this.#head * 2 <= this.#calls.length) return;
    this.#calls = this.#calls.slice(this.#head);
    this.#head = 0;
  }
}
