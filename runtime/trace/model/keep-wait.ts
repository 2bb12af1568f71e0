/** Keeps a wait that the fold lent for a call. */
import { REASON } from '../format/kinds.ts';
import { awaitStackOf } from './await-stack.ts';
import type { Trace } from './trace.ts';
import type { EndedWait, Wait } from './wait.ts';

/** A copy that may be kept: the fold lends its own only for the call. */
export function keepWait(trace: Trace, wait: EndedWait): Wait & { readonly endNs: number } {
  const { row, startNs, endNs, reason, target, site, waker, cause } = wait;
  const awaitStack = awaitStackOf(trace, wait.task);
  const kept = { row, startNs, endNs, reason, target, site, waker, cause, awaitStack };
  if (reason !== REASON.consumer) return kept;
  const { gave = -1, got = -1 } = wait;
  return { ...kept, gave, got };
}
