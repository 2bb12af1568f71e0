/** What runs in a thread or a child process of the library: the body of a Thread or Process, or the jobs of a pool. */
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { whole } from './run-call.ts';
import { CallRunner } from './call-runner.ts';
import { loadFunction } from '../functions/load-function.ts';
import { type WorkerInit, type FromWorker, isBatch, type ToWorker } from '../transport/messages.ts';
import { reviveArguments } from '../shared/shared-lock.ts';
import { type ActivationTrace, traceCalls } from './worker-trace.ts';
import { carryError } from '../transport/cloneable.ts';
import { uncloneableResultError, parentChannel } from './parent-channel.ts';

let runner: CallRunner | null = null;
/** A body that has come to its end; it may have more to do than its parent waits for. */
let isOver = false;

/** Begins to listen to whoever started this thread or process. */
export function serve(): void {
  if (!isMainThread) {
    parentPort!.on('message', take);
    take({ begin: (workerData as { begin: WorkerInit }).begin });
    return;
  }
  process.on('message', take);
  process.on('uncaughtExceptionMonitor', (error) => {
    if (process.connected) parentChannel.post({ died: carryError(error) }, []);
  });
  process.on('disconnect', () => {
    // The parent is gone: nobody hears what this does.
    if (!isOver) process.exit();
  });
}

function take(message: ToWorker): void {
  if (isBatch(message)) runner!.take(message);
  else if ('close' in message) parentChannel.close();
  else if (message.begin.kind === 'body') void body(message.begin);
  else void workFor(message.begin);
}

async function workFor(begin: WorkerInit): Promise<void> {
  runner = new CallRunner(begin.claims, traceCalls(begin));
  try {
    if (begin.fn !== null) {
      const initializer = await loadFunction(begin.fn);
      await whole(initializer(...reviveArguments(begin.args)));
    }
    parentChannel.post({ ready: true }, []);
  } catch (error) {
    parentChannel.post({ broken: carryError(error) }, []);
  }
}

async function body(begin: WorkerInit): Promise<void> {
  const trace = traceCalls(begin);
  let act: ActivationTrace | null = null;
  let answer: FromWorker & { readonly ended: boolean };
  try {
    const fn = await loadFunction(begin.fn!);
    // Not before: what loads a function is none of it.
    act = trace?.body() ?? null;
    const result = whole(fn(...reviveArguments(begin.args)));
    act?.wait(result);
    answer = { ended: true, value: await result };
  } catch (error) {
    answer = { ended: false, value: carryError(error) };
  }
  act ??= trace?.body() ?? null;
  act?.end(answer.ended);
  try {
    parentChannel.post(answer, []);
  } catch (error) {
    parentChannel.post({ ended: false, value: carryError(uncloneableResultError(error)) }, []);
  }
  if (!answer.ended) process.exitCode = 1;
  isOver = true;
  parentChannel.close();
}
