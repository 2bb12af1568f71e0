/**
 * A worker's message to the main thread while that stands in `Atomics.wait`: it cannot be taken
 * before the wait is over. Else a message costs one look at a flag.
 */
import { type MessagePort, parentPort } from 'node:worker_threads';
import { FACT, KIND } from '../../../trace/format/kinds.ts';
import { builtIns } from '../../../recorder/built-ins.ts';
import type { Recorder } from '../../../recorder/recorder.ts';
import type { SharedStand } from '../../../recorder/shared-stand.ts';
import { replaceBuiltin } from '../builtins/replace-builtin.ts';
import type { ThreadState } from '../state/thread-state.ts';
import type { HeldPlaces } from './held-places.ts';

const UNTAKEN = FACT['untaken-message'];
/** Of one thread; they are told together. */
const MAX_FACTS = 20;

export interface MessagesToMainOptions {
  readonly recorder: Recorder;
  readonly state: ThreadState;
  readonly places: HeldPlaces;
  readonly stand: SharedStand;
}

/** In a worker thread alone. @returns what restores the original */
export function watchMessagesToMain({ recorder, state, places, stand }: MessagesToMainOptions): () => void {
  const port: MessagePort | null = parentPort;
  if (port === null) return () => {};
  let left = MAX_FACTS;
  return replaceBuiltin(Object.getPrototypeOf(port) as object, 'postMessage', (original) => {
    const { postMessage } = {
      postMessage(this: unknown, ...args: unknown[]): unknown {
        if (this === port && stand.isStanding && left > 0) {
          left--;
          note();
        }
        return builtIns.apply(original, this, args);
      },
    };
    return postMessage as (...args: never[]) => unknown;
  });

  function note(): void {
    try {
      const { site } = places.ofCaller();
      if (site !== 0) recorder.write(KIND.fact, UNTAKEN, state.current?.id ?? 0, site, 0, 0, 0);
    } catch {
      // No stack is left.
    }
  }
}
