/**
 * Signals from outside the process. No handler is installed before it is asked for, and each can be
 * taken away again: without one a signal does what it always does. After asyncio's
 * loop.add_signal_handler and asyncio.run's treatment of SIGINT.
 */
import { constants } from 'node:os';
import { isMainThread } from 'node:worker_threads';
import { externalCancellation } from '../core/cancellation.ts';
import { describeValue } from '../core/describe-value.ts';
import type { CancelledError } from '../core/errors.ts';
import { scheduler } from '../core/runner.ts';
import type { Task } from '../core/task.ts';
import { warnThrown } from '../core/unhandled.ts';

/** Of a process that SIGINT ended, as shells tell it. */
const STATUS = 130;

/**
 * Calls the handler for each such signal, in a step of its own between those of the tasks. An error
 * of the handler becomes a warning. Waiting for a signal does not keep the process alive.
 *
 * @returns what takes the handler away again; a second call does nothing.
 * @throws TypeError for an unknown signal or a handler that is no function; Error in a worker
 *   thread (signals come to the main thread only, as in Python) and for SIGKILL and SIGSTOP, which
 *   no process can handle.
 * @example
 * const asked = new Event();
 * const off = onSignal('SIGHUP', () => asked.set());
 * process.kill(process.pid, 'SIGHUP');
 * await timeout(5_000, asked.wait()); // → true
 * off();
 */
export function onSignal(signal: NodeJS.Signals, handler: (signal: NodeJS.Signals) => void): () => void {
  if (typeof handler !== 'function')
    throw new TypeError(`onSignal() needs a function to call, not ${describeValue(handler)}`);
  checkSignal(signal);
  const received = (): void => scheduler.ready({ step });
  let isInstalled = true;
  function step(): void {
    if (!isInstalled) return;
    try {
      handler(signal);
    } catch (error) {
      warnThrown(`the handler of ${signal} threw`, error);
    }
  }
  process.on(signal, received);
  return () => {
    isInstalled = false;
    process.off(signal, received);
  };
}

/**
 * The first SIGINT cancels the task with the reason 'SIGINT'; its clean-up runs. The second ends
 * the process at once, as it always does. In a worker, which gets no signals, this does nothing, as
 * asyncio.run in a thread.
 * @returns what takes the handler away again.
 */
export function cancelOnInterrupt(task: Task): () => void {
  if (!isMainThread) return () => {};
  const off = onSignal('SIGINT', () => {
    off();
    const interruption = externalCancellation('SIGINT');
    endsQuietly(interruption);
    task.cancel(interruption);
  });
  return off;
}

/**
 * Where no code catches the error, the process ends by the signal, as a shell expects it (status
 * 130), and not as a crash. 'exit' listeners run before. After KeyboardInterrupt of Python.
 */
function endsQuietly(interruption: CancelledError): void {
  const told = (error: unknown): void => {
    if (error !== interruption || process.listenerCount('uncaughtException') > 0) return;
    // The last of them. Who listens to SIGINT keeps the signal from ending the process.
    process.once('exit', () => process.kill(process.pid, 'SIGINT'));
    process.exit(STATUS);
  };
  process.on('uncaughtExceptionMonitor', told);
}

function checkSignal(signal: unknown): void {
  if (typeof signal !== 'string' || !Object.hasOwn(constants.signals, signal))
    throw new TypeError(
      `onSignal() needs the name of a signal, such as 'SIGINT', not ${describeValue(signal)}`,
    );
  if (signal === 'SIGKILL' || signal === 'SIGSTOP') throw new Error(`${signal} cannot be handled by anybody`);
  if (!isMainThread)
    throw new Error('onSignal() was called in a worker; signals come to the main thread only');
}
