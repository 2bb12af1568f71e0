/**
 * Which waits are for something outside the library. While there is one, virtual time stands still.
 *
 * An async function at an `await` of a promise waits outside, unless a function that it called
 * waits for a future of the library. A promise that was given to the library (`gather([helper()])`)
 * may be that of such a function: then the task that called it has more waits for futures than
 * promises, and none of them is outside. Who made a promise is known by the context alone.
 */
import type { Runner } from './runner.ts';

/** A promise that the library waits for. */
export interface ForeignWait {
  /** The task that gave it to the library; null: none. */
  readonly host: Runner | null;
}

/** Async functions that wait for no future of the library. */
let bareCount = 0;
const promises = new Set<ForeignWait>();
let onFewer: (() => void) | null = null;

export const externalWaits = {
  /** An async function waits for no future of the library from here on. */
  begin(): void {
    bareCount++;
  },
  end(): void {
    bareCount--;
    onFewer?.();
  },

  /** The library waits for a promise from here on. They are counted only where somebody asks. */
  addPromise(wait: ForeignWait): void {
    if (onFewer !== null) promises.add(wait);
  },
  removePromise(wait: ForeignWait): void {
    if (promises.delete(wait)) onFewer?.();
  },

  /** Something outside is waited for. */
  get isAny(): boolean {
    if (bareCount > 0) return true;
    const byHost = new Map<Runner | null, number>();
    for (const { host } of promises) byHost.set(host, (byHost.get(host) ?? 0) + 1);
    for (const [host, count] of byHost) if (host === null || count > host.hiddenWaits()) return true;
    return false;
  },

  /** The task that gave the library a promise which is waited for; null: none is known. */
  get host(): Runner | null {
    for (const { host } of promises) if (host !== null) return host;
    return null;
  },

  /** Sets what is called when there may be none any more; null: nothing. */
  setListener(listener: (() => void) | null): void {
    onFewer = listener;
    if (listener === null) promises.clear();
  },
};
