/**
 * What the library writes into the trace of its thread. Every call stands behind `traced`, a constant of the module: untraced it costs nothing.
 */
import { findLane } from '../recorder/lane.ts';
import {
  ACTIVATION_KINDS,
  OUTCOMES,
  REASONS,
  RESOURCE_KINDS,
  WAKERS,
  numberOf,
  type Reason,
  type ResourceKind,
} from '../trace/format/kinds.ts';

export const lane = findLane();
export const { recorder } = lane;
export const traced: boolean = recorder.on;
export const { builtIns } = lane;

/** Where the user's code stands, as the instrument said just before; said once. */
export function takeSite(): number {
  const { site } = lane;
  lane.site = 0;
  return site;
}

export const reason = (name: Reason): number => numberOf(REASONS, name);
export const resourceKind = (name: ResourceKind): number => numberOf(RESOURCE_KINDS, name);

export const KIND = {
  coroutine: numberOf(ACTIVATION_KINDS, 'coroutine'),
  asyncTask: numberOf(ACTIVATION_KINDS, 'async-task'),
} as const;
export const OUTCOME = {
  ok: numberOf(OUTCOMES, 'ok'),
  error: numberOf(OUTCOMES, 'error'),
  cancelled: numberOf(OUTCOMES, 'cancelled'),
} as const;
export const WAKER = {
  known: numberOf(WAKERS, 'known'),
  external: numberOf(WAKERS, 'external'),
} as const;
