/**
 * Futures that an async function gave to `Promise.all`, `race`, `any`, `allSettled` or `resolve`.
 * JavaScript has no name for the wait that follows: `await Promise.race([a, b])` waits for a
 * promise that nobody can look into. So the call is told by the stack, at the moment when it reads
 * the `then` of a future; the futures of one call are one wait, which is over as the call's promise
 * is, or when the function that made the call is seen to wait for something else.
 *
 * The stack costs some microseconds. It is asked only where a function reads several `then`s
 * without a pause between; at an `await` that stands alone it never is.
 */
import { DONE, STATE } from './future-state.ts';
import type { AsyncWait } from './runner.ts';

/** The functions of Promise that wait for what they are given. */
type Combinator = 'all' | 'allSettled' | 'any' | 'race' | 'resolve';
const COMBINATORS: ReadonlySet<string> = new Set<Combinator>(['all', 'allSettled', 'any', 'race', 'resolve']);

/** What reads a `then`. */
export interface ThenReader {
  /** Null: an `await`, or a call of `then` itself. */
  readonly combinator: Combinator | null;
  /** The function of the user's, by its name and place. */
  readonly caller: string;
}

/** The wait of one call of a combinator. */
export class CombinedWaits {
  readonly caller: string;
  readonly combinator: Combinator;
  /** Its promise is decided, or its function waits for something else. */
  isOver = false;
  readonly #members = new Set<AsyncWait>();
  /** How many of its futures have not ended. */
  #left = 0;

  constructor(combinator: Combinator, caller: string) {
    this.combinator = combinator;
    this.caller = caller;
  }

  /** It is given one more future. */
  expect(): void {
    this.#left++;
  }

  add(member: AsyncWait): void {
    this.#members.add(member);
  }

  /** A future of it has ended. @returns whether its promise is decided now. */
  memberEnded(member: AsyncWait): boolean {
    this.#members.delete(member);
    this.#left--;
    const isDone = (member.future.flags & STATE) === DONE;
    const decides =
      this.combinator === 'race' ||
      (this.combinator === 'all' && !isDone) ||
      (this.combinator === 'any' && isDone);
    return decides || this.#left === 0;
  }

  /** Nobody waits for its futures any more. @returns those that have not ended. */
  end(): Iterable<AsyncWait> {
    this.isOver = true;
    return this.#members;
  }
}

/** The places that a stack shows, in V8's own form. */
interface CallSite {
  getFunctionName(): string | null;
  getFileName(): string | null | undefined;
  getEnclosingLineNumber?(): number;
  getEnclosingColumnNumber?(): number;
}

const asSites = (_error: unknown, sites: unknown): unknown => sites;

/** @param below the function that is read; the stack is that above it. */
export function thenReader(below: (...args: never[]) => unknown): ThenReader {
  const stack = sitesAbove(below);
  const [first, second] = Array.isArray(stack) ? (stack as CallSite[]) : [];
  const name = first?.getFunctionName() ?? '';
  const isCombinator = COMBINATORS.has(name) && (first!.getFileName() ?? '') === '';
  const caller = isCombinator ? second : first;
  return { combinator: isCombinator ? (name as Combinator) : null, caller: placeOf(caller) };
}

/** Undefined where the built-ins are frozen: each read then counts as that of an `await`. */
function sitesAbove(below: (...args: never[]) => unknown): unknown {
  const { stackTraceLimit, prepareStackTrace } = Error;
  const hasFormatter = Object.hasOwn(Error, 'prepareStackTrace');
  const holder: { stack?: unknown } = {};
  try {
    Error.stackTraceLimit = 2;
    Error.prepareStackTrace = asSites;
    Error.captureStackTrace(holder, below);
    const { stack } = holder;
    Error.stackTraceLimit = stackTraceLimit;
    if (hasFormatter) Error.prepareStackTrace = prepareStackTrace;
    else Reflect.deleteProperty(Error, 'prepareStackTrace');
    return stack;
  } catch {
    return undefined;
  }
}

function placeOf(site: CallSite | undefined): string {
  if (site === undefined) return '';
  const line = site.getEnclosingLineNumber?.() ?? 0;
  const column = site.getEnclosingColumnNumber?.() ?? 0;
  return `${site.getFunctionName() ?? ''}@${site.getFileName() ?? ''}:${line}:${column}`;
}
