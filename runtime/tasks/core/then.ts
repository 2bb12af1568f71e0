/**
 * What happens where the `then` of a future is called: by V8 for an `await`, or by the user with a
 * handler.
 *
 *   outside a task, in a coroutine   a handler; the functions of a coroutine may wait, too
 *   in an async function             a wait of its task, which the task's cancellation gives up
 */
import { isNative, Reaction, waitsForItself } from './reaction.ts';
import { type FutureLike, type Runner, scheduler, type ThenRead } from './runner.ts';

type OnDone<T> = ((value: T) => unknown) | null | undefined;
type OnFailed = ((error: unknown) => unknown) | null | undefined;

/** @param host the coroutine that executes: a wait of what it called is not its own. */
export function thenOutside<T, Result extends FutureLike>(
  future: FutureLike,
  host: Runner | null,
  result: Result,
  onDone: OnDone<T>,
  onFailed: OnFailed,
): Result {
  const reaction = new Reaction(future, null, result, onDone ?? null, onFailed ?? null);
  const isHandler = typeof onDone !== 'function' || !isNative(onFailed);
  if (isHandler) reaction.keepContext();
  else if (host !== null) {
    reaction.hiddenIn = host;
    host.hideWaits(1);
  }
  future.addWaiter(reaction);
  return result;
}

/** @param read what the task's function read, when it read the `then` that is called now. */
export function thenInside<T, Result extends FutureLike>(
  future: FutureLike,
  runner: Runner,
  read: ThenRead,
  result: Result,
  onDone: OnDone<T>,
  onFailed: OnFailed,
): Result {
  const reaction = new Reaction(future, runner, result, onDone ?? null, onFailed ?? null);
  const waits = runner.asyncWaits();
  const isHandler = typeof onDone !== 'function' || !isNative(onFailed);
  if (isHandler) {
    waits.forgetRead();
    reaction.keepContext();
  }
  if (isHandler || !waits.add(reaction, read)) {
    reaction.becomeHandler();
    future.addWaiter(reaction);
    return result;
  }
  const cancellation = runner.takeCancellation();
  if ((runner as unknown) === future) {
    reaction.error = cancellation ?? waitsForItself(future);
    scheduler.ready(reaction);
    return result;
  }
  if (cancellation !== null) {
    // Cancelled while it ran: the future it goes on to wait for is given up at once.
    reaction.error = cancellation;
    future.cancel(cancellation);
  }
  future.addWaiter(reaction);
  return result;
}
