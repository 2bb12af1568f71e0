/**
 * The size limit of a recording, as the environment gives it to the agent and to the follower
 * alike, and how large a segment is: of the limit only whole segments can be let go.
 */
export const DEFAULT_LIMIT_BYTES = 2 * 1024 ** 3;
const MIN_LIMIT_BYTES = 64 << 10;
const MIN_SEGMENT_BYTES = 32 << 10;
const MAX_SEGMENT_BYTES = 16 << 20;
const SEGMENTS = 16;

/** @param given the text of SIMUL_LIMIT; what is no number of bytes is the default */
export function limitBytesOf(given: string | undefined): number {
  return isLimit(given ?? '') ? Math.max(MIN_LIMIT_BYTES, Number(given)) : DEFAULT_LIMIT_BYTES;
}

/** Whether a text is a number of bytes. */
export const isLimit = (given: string): boolean => Number.isFinite(Number(given)) && Number(given) > 0;

export const segmentBytesOf = (limitBytes: number): number =>
  Math.min(MAX_SEGMENT_BYTES, Math.max(MIN_SEGMENT_BYTES, Math.floor(limitBytes / SEGMENTS)));
