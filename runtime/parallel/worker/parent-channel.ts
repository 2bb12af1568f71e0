/** The worker's end of the channel to its parent: a thread's message port or a process's IPC. */
import { isMainThread, parentPort, type TransferListItem } from 'node:worker_threads';
import { builtIns } from '../../tasks/core/trace.ts';
import { checkAttached } from '../transport/move.ts';
import type { FromWorker } from '../transport/messages.ts';

export const parentChannel: {
  /**
   * @param onSent called back when the message is in the hands of the system; of a thread never, as
   *   it has no other.
   * @throws DataCloneError for what cannot be cloned.
   */
  post(message: FromWorker, transfer: readonly TransferListItem[], onSent?: () => void): void;
  /** Nothing more is sent: the worker ends when it has nothing else to do. */
  close(): void;
} = isMainThread
  ? {
      // Once nobody reads the channel any more, the process ends because of that, not of an error.
      post: (message, _transfer, onSent = () => {}) =>
        void process.send?.(message, undefined, undefined, onSent),
      // Not at once: Node fails when a channel is closed by a message that was queued before its
      // listener was added.
      close: () =>
        void builtIns.setImmediate(() => {
          if (process.connected) process.disconnect();
        }),
    }
  : {
      post: (message, transfer) => {
        checkAttached(transfer);
        parentPort!.postMessage(message, transfer);
      },
      close: () => parentPort!.close(),
    };

export function uncloneableResultError(error: unknown): TypeError {
  const reason = error instanceof Error ? error.message : String(error);
  return new TypeError(`the result cannot be sent back from the worker: ${reason}`, { cause: error });
}
