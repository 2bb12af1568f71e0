/** A future as `console.log` shows it: `Task "cook" (waiting for get() of queue "orders")`. */
import { describeValue, quoteName } from './describe-value.ts';
import { DONE, FAILED, STATE } from './future-state.ts';

/** A future, and what a task knows besides. */
interface ShownFuture {
  readonly flags: number;
  readonly value: unknown;
  readonly state: string;
  /** Of a task. */
  readonly name?: string;
  readonly waitingOn?: { describe(): string } | null;
  describe(): string;
}

/** @param show shows the result, as deep as it may be. */
export function showFuture(future: ShownFuture, show: (value: unknown) => string): string {
  const what = future.describe();
  const name = future.name === undefined ? `Future ${what}` : `Task ${quoteName(future.name)}`;
  return `${what === 'the future' ? 'Future' : name} (${describeState(future, show)})`;
}

function describeState(future: ShownFuture, show: (value: unknown) => string): string {
  const { flags, value, state } = future;
  if ((flags & STATE) === DONE) return `done: ${show(value)}`;
  if ((flags & STATE) >= FAILED)
    return `${state}: ${value instanceof Error ? value.message : describeValue(value)}`;
  if (state !== 'waiting') return state;
  return `waiting for ${future.waitingOn?.describe() ?? 'something that is not of this library'}`;
}
