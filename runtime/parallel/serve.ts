/** What runs in a thread or a child process of the library: the body of a Thread or Process, or the jobs of a pool. */
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { whole } from './call-job.ts';
import { Doer } from './do-jobs.ts';
import { loadFunction } from './functions/load-function.ts';
import { type Begin, type FromWorker, isRow, type ToWorker } from './messages.ts';
import { reviveArguments } from './shared.ts';
import { type ActTrace, traceJobs } from './trace-jobs.ts';
import { carryError } from './values.ts';
import { unsendable, wire } from './wire.ts';

let doer: Doer | null = null;
/** A body that has come to its end; it may have more to do than its parent waits for. */
let isOver = false;

/** Begins to listen to whoever started this thread or process. */
export function serve(): void {
  if (!isMainThread) {
    parentPort!.on('message', take);
    take({ begin: (workerData as { begin: Begin }).begin });
    return;
  }
  process.on('message', take);
  process.on('uncaughtExceptionMonitor', (error) => {
    if (process.connected) wire.post({ died: carryError(error) }, []);
  });
  process.on('disconnect', () => {
    // The parent is gone: nobody hears what this does.
    if (!isOver) process.exit();
  });
}

function take(message: ToWorker): void {
  if (isRow(message)) doer!.take(message);
  else if ('close' in message) wire.close();
  else if (message.begin.kind === 'body') void body(message.begin);
  else void workFor(message.begin);
}

async function workFor(begin: Begin): Promise<void> {
  doer = new Doer(begin.claims, traceJobs(begin));
  try {
    if (begin.fn !== null) {
      const initializer = await loadFunction(begin.fn);
      await whole(initializer(...reviveArguments(begin.args)));
    }
    wire.post({ ready: true }, []);
  } catch (error) {
    wire.post({ broken: carryError(error) }, []);
  }
}

async function body(begin: Begin): Promise<void> {
  const trace = traceJobs(begin);
  let act: ActTrace | null = null;
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
    wire.post(answer, []);
  } catch (error) {
    wire.post({ ended: false, value: carryError(unsendable(error)) }, []);
  }
  if (!answer.ended) process.exitCode = 1;
  isOver = true;
  wire.close();
}
