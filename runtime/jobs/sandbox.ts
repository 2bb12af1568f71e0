/**
 * Handlers in other threads or processes: the workers of a pool of the queue's own import the
 * module and call the export. What a job tells of its progress comes back beside the pool's
 * answers, on the channel of the worker.
 */
import type { FunctionReference } from '../parallel/functions/function-reference.ts';
import { workerModule } from '../parallel/functions/worker-module.ts';
import { Pool } from '../parallel/pool/pool.ts';
import { type DecodedChunk, MODE } from '../parallel/transport/messages.ts';
import { listenToWorkers } from '../parallel/transport/side-channel.ts';
import { tellParent } from '../parallel/worker/tell-parent.ts';
import { describeValue } from '../tasks/core/describe-value.ts';
import { Future } from '../tasks/core/future.ts';
import { checkOptions, checkText } from '../tasks/core/options.ts';
import type { ActiveJob, HandlerModule, JobHandler } from './job-options.ts';

/** A job as it is sent. */
interface SentJob {
  readonly id: string;
  readonly name: string;
  readonly data: unknown;
  readonly attempt: number;
  readonly children: Readonly<Record<string, unknown>>;
  /** Of the listener to its progress. */
  readonly channel: number;
}

/** @internal In the worker: the job as a handler is given it. */
export function decodeJob(encoded: unknown): DecodedChunk {
  const { id, name, data, attempt, children, channel } = encoded as SentJob;
  const job: ActiveJob = {
    id,
    name,
    data,
    attempt,
    signal: new AbortController().signal,
    progress(value) {
      tellParent(channel, value);
      return Future.done(undefined);
    },
    childResults: () => Future.done(children),
  };
  return { items: [job] };
}

/** How the worker finds `decodeJob`, wherever this module is in a bundle. */
const decoder: FunctionReference = {
  url: import.meta.url,
  name: decodeJob.name,
  text: String(decodeJob),
};

export interface Sandbox {
  readonly handler: JobHandler<unknown, unknown>;
  /** Ends the workers. */
  close(): Future<void>;
}

/**
 * @param size how many workers: as many as jobs are done at once.
 * @throws TypeError for what names no module; Error when its file is not there.
 */
export function createSandbox(given: HandlerModule, size: number, queueName: string): Sandbox {
  checkOptions('process()', given, ['module', 'export', 'kind']);
  const { kind = 'threads', export: name = 'default' } = given;
  checkText('the export of a handler', name);
  if (kind !== 'threads' && kind !== 'processes')
    throw new TypeError(`process() needs 'threads' or 'processes' for kind, not ${describeValue(kind)}`);
  const fn = workerModule(given.module)[name]!;
  const pool = new Pool({ kind, size, minSize: 0, name: queueName });
  return {
    // As an async function its waits are seen, and a cancellation ends the call and its worker.
    handler: async (job) => {
      const children = await job.childResults();
      const listener = listenToWorkers((value) => void job.progress(value));
      const { id, name: jobName, data, attempt } = job;
      const encoded: SentJob = { id, name: jobName, data, attempt, children, channel: listener.channel };
      try {
        return await pool.mapSliceable<unknown>(
          fn,
          {
            api: 'process()',
            mode: MODE.wholeChunk,
            source: { length: 1, encodeSlice: () => ({ length: 1, encoded }) },
            decoder,
            finish: (results) => results[0],
          },
          { chunkSize: 1 },
        );
      } finally {
        listener.stop();
      }
    },
    close() {
      pool.close();
      return pool.join();
    },
  };
}
