/** Waits in which nothing is missing: whoever rests is asked for more, or is not. */
import { REASON } from '../format/kinds.ts';
import type { Wait } from './wait.ts';

/**
 * A generator rests at a `yield` until somebody wants more of it, and a pool's worker until the
 * pool has a call for it: that is no waiting. Who waits for an answer of a pool names the pool.
 */
export const isRest = ({ reason, target }: Pick<Wait, 'reason' | 'target'>): boolean =>
  reason === REASON.consumer || (reason === REASON.pool && target === 0);
