/** The worker's end of the line to whoever started it. */
import { isMainThread, parentPort } from 'node:worker_threads';
import { builtIns } from '../../tasks/core/trace.ts';
import type { FromWorker } from '../transport/messages.ts';

export const parentChannel: {
  /** Throws what cannot be cloned. */
  post(message: FromWorker, transfer: readonly ArrayBuffer[]): void;
  /** Nothing more comes: the worker ends when it has nothing else to do. */
  close(): void;
} = isMainThread
  ? {
      // When nobody hears it any more, the process ends by that, not by an error.
      post: (message) => void process.send?.(message, undefined, undefined, () => {}),
      // Not at once: Node fails when a channel is closed by a message that had been waiting for its listener.
      close: () =>
        void builtIns.setImmediate(() => {
          if (process.connected) process.disconnect();
        }),
    }
  : {
      post: (message, transfer) => parentPort!.postMessage(message, transfer),
      close: () => parentPort!.close(),
    };

export function uncloneableResultError(error: unknown): TypeError {
  const why = error instanceof Error ? error.message : String(error);
  return new TypeError(`the result cannot be sent back from the worker: ${why}`, { cause: error });
}
