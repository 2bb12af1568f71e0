/**
 * What runs in a thread or a child process of the library: the body of a Thread or Process, or the
 * calls of a pool.
 */
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { inheritLoaders } from '../functions/inherited-loaders.ts';
import { loadFunction } from '../functions/load-function.ts';
import { decodeShared } from '../shared/shared-arguments.ts';
import {
  type FromWorker,
  isBatch,
  type ToWorker,
  type WorkerInit,
  type WorkerStart,
} from '../transport/messages.ts';
import { serializeError } from '../transport/serialized-error.ts';
import { CallRunner } from './call-runner.ts';
import { uncloneableResultError, parentChannel } from './parent-channel.ts';
import { spawnIfCoroutine } from './run-call.ts';
import { type ActivationTrace, createWorkerTrace } from './worker-trace.ts';

let runner: CallRunner | null = null;
/** The body has ended. The process may have more to do, for which its parent does not wait. */
let hasBodyEnded = false;

/** Starts to listen to the parent of this thread or process. */
export function serveParent(): void {
  if (!isMainThread) {
    parentPort!.on('message', handleMessage);
    handleMessage(workerData as WorkerStart);
    return;
  }
  process.on('message', handleMessage);
  process.on('uncaughtExceptionMonitor', (error) => {
    if (process.connected) parentChannel.post({ uncaughtError: serializeError(error) }, []);
  });
  process.on('disconnect', () => {
    // The parent is gone: nobody reads the results of this process.
    if (!hasBodyEnded) process.exit();
  });
}

function handleMessage(message: ToWorker): void {
  if (isBatch(message)) runner!.enqueue(message);
  else if ('close' in message) parentChannel.close();
  else {
    inheritLoaders(message.loaders);
    if (message.init.kind === 'body') void runBody(message.init);
    else void joinPool(message.init);
  }
}

/** Runs the initializer, then reports that calls can come. */
async function joinPool(init: WorkerInit): Promise<void> {
  runner = new CallRunner(init, createWorkerTrace(init));
  try {
    if (init.fn !== null) {
      const initializer = await loadFunction(init.fn);
      await spawnIfCoroutine(initializer(...decodeShared(init.args)));
    }
    parentChannel.post({ ready: true }, []);
  } catch (error) {
    parentChannel.post({ initializerError: serializeError(error) }, []);
  }
}

async function runBody(init: WorkerInit): Promise<void> {
  const trace = createWorkerTrace(init);
  let activation: ActivationTrace | null = null;
  let answer: FromWorker & { readonly returned: boolean };
  try {
    const fn = await loadFunction(init.fn!);
    // Not before: loading the function is not part of its activation.
    activation = trace.beginBody();
    const result = spawnIfCoroutine(fn(...decodeShared(init.args)));
    activation.wait(result);
    answer = { returned: true, value: await result };
  } catch (error) {
    answer = { returned: false, value: serializeError(error) };
  }
  activation ??= trace.beginBody();
  activation.end(answer.returned);
  try {
    parentChannel.post(answer, []);
  } catch (error) {
    parentChannel.post({ returned: false, value: serializeError(uncloneableResultError(error)) }, []);
  }
  if (!answer.returned) process.exitCode = 1;
  hasBodyEnded = true;
  parentChannel.close();
}
