/**
 * The functions that the tests of runtime/parallel call in threads and processes: a module's
 * exports, as a program has them.
 */
import { parentPort } from 'node:worker_threads';
import {
  move,
  Pool,
  PoolClosedError,
  type SharedCounter,
  type SharedLock,
  sleep,
  timeout,
} from '../../runtime/index.ts';

/** The functions use it so that they cannot be sent as text. */
const factor = 1;

export function square(n: number): number {
  return n * n * factor;
}

export function power(base: number, exponent = 2): number {
  return base ** exponent * factor;
}

export function* slowly(n: number): Generator<unknown, number, unknown> {
  yield* sleep(1);
  return n * factor;
}

export class Refused extends Error {
  override readonly name = 'Refused';
  readonly code = 'E_REFUSED';
}

export function refuse(what: string): never {
  throw new Refused(`no ${what}`, { cause: new RangeError('too far') });
}

export function refuseOdd(n: number): number {
  if (n % 2 === 1) throw new Refused(`${n} is odd`);
  return n * factor;
}

export function exit(code: number): number {
  process.exit(code * factor);
}

/** Ends its worker when it is called with this number. */
export function exitAt(last: number, n: number): number {
  if (n === last) process.exit(5 * factor);
  return n;
}

/** For numbers below 0, ends its worker the first time that the counter counts. */
export function exitOnce(calls: SharedCounter, n: number): number {
  if (n < 0 && calls.add() === 1) process.exit(7);
  return n * factor;
}

export function forever(): Promise<never> {
  return new Promise(() => setInterval(() => {}, 1000 * factor));
}

/** Blocks its thread until the memory's first word is not 0 any more. */
export function block(words: Int32Array): number {
  Atomics.wait(words, 0, 0);
  return words[0]! * factor;
}

/** `block` for 0; any other number is returned at once. */
export function blockForZero(words: Int32Array, n: number): number {
  return n === 0 ? block(words) : n;
}

/** Counts its calls, and keeps its thread busy for so long, ms. */
export function countAndSpin(calls: Int32Array, at: number, ms: number): number {
  Atomics.add(calls, at, factor);
  const untilMs = performance.now() + ms;
  while (performance.now() < untilMs);
  return at;
}

export function throwsLater(): Promise<never> {
  return new Promise(() => {
    setTimeout(() => {
      throw new RangeError('too late');
    }, factor);
  });
}

export function killsItsProcess(): void {
  process.kill(process.pid, factor === 1 ? 'SIGKILL' : 'SIGTERM');
}

/** Uses a pool of its own where it runs. */
export async function squaresByAPool(numbers: number[]): Promise<number[]> {
  const pool = new Pool({ size: 2 });
  try {
    return await pool.map(square, numbers);
  } finally {
    pool.terminate();
    await pool.join();
  }
}

export function returnsAFunction(): () => void {
  return () => void factor;
}

export function addUp(counter: SharedCounter, lock: SharedLock, sum: Int32Array, times: number): void {
  for (let i = 0; i < times; i++) {
    counter.add();
    using _held = lock.acquireSync();
    sum[0]! += factor;
  }
}

/** Waits for a lock that another thread holds, until a timeout. */
export async function stopsWaiting(lock: SharedLock): Promise<string> {
  try {
    await timeout(factor, lock.acquire());
    return 'it acquired the lock';
  } catch (error) {
    return (error as Error).message;
  }
}

let greeting = 'none';
export function initialize(text: string): void {
  if (text === '') throw new TypeError('an empty greeting');
  greeting = text;
}
export function greet(name: string): string {
  return `${greeting}, ${name}`;
}

let calls = 0;
/** How often this worker was called. */
export function callsOfThisWorker(): number {
  return (calls += factor);
}

export function isWorkerThread(): boolean {
  return parentPort !== null && factor === 1;
}

/** Numbers whose memory goes to the caller. */
export function movedNumbers(length: number): Float64Array {
  const numbers = new Float64Array(length).fill(factor);
  (globalThis as { movedNumbers?: Float64Array }).movedNumbers = numbers;
  return move(numbers);
}

/** How many of the numbers that were moved last are still here. */
export function movedNumbersLeft(): number {
  return (globalThis as { movedNumbers?: Float64Array }).movedNumbers!.length * factor;
}

/** An object with a part whose memory goes to the caller, and a part that is copied. */
export function movedPart(): { readonly moved: Uint8Array; readonly copied: Uint8Array } {
  const result = { moved: Uint8Array.of(1, 2), copied: Uint8Array.of(3, factor) };
  return move(result, [result.moved.buffer]);
}

/** The same memory each time. */
export function movedTwice(): Uint8Array {
  return move(((globalThis as { once?: Uint8Array<ArrayBuffer> }).once ??= Uint8Array.of(factor)));
}

export const hiddenClass = (): unknown => Hidden;

class Hidden extends TypeError {
  readonly part: string;
  constructor(part: string) {
    super(`no ${part}`);
    this.part = part;
  }
  describe(): string {
    return `${this.part} is hidden`;
  }
}

/** Throws an error of a class that is not exported, or of another kind. */
export function throws(kind: string): never {
  if (kind === 'hidden') throw new Hidden('door');
  if (kind === 'many')
    throw new AggregateError([new Hidden('a'), new RangeError('b')], 'both', { cause: new Hidden('c') });
  if (kind === 'dom') throw new DOMException('over', 'AbortError');
  if (kind === 'assert') process.getBuiltinModule('node:assert').equal(factor, 2);
  if (kind === 'library') throw new PoolClosedError('gone');
  throw new (class Local extends RangeError {})('local');
}
