/**
 * Where the fields of a record stand. One record is 32 bytes, little endian:
 *
 *   byte  0        8      12     16     20     24     28     30      31
 *         │ t u64  │ task │  a   │  b   │  c   │  d   │ lane │ flags │ kind │
 *         │  (ns)  │ u32  │ u32  │ u32  │ u32  │ u32  │ u16  │  u8   │  u8  │
 *   word  0, 1       2      3      4      5      6      7
 *
 * 0 means absent, everywhere; a record whose kind is 0 was never committed. The
 * writer stores word 7 last, in one store, so a committed record is whole. 24
 * bytes do not suffice for about eight kinds, and 32 divides a page and a segment.
 *
 * Ids are per process and never reused. Tasks and resources share one id space (so
 * "waits for" needs no flag telling which); texts and sites have one each. Across
 * processes only `link` relates things.
 *
 * `t` is nanoseconds of the system-wide monotonic clock; a duration carries its unit in its flags.
 */
export const RECORD_BYTES = 32;
export const RECORD_WORDS = 8;

/** Index of each field in a Uint32Array over one record. */
export const W = { tLow: 0, tHigh: 1, task: 2, a: 3, b: 4, c: 5, d: 6, head: 7 } as const;

/** Word 7: what is stored last and makes the record exist. */
export const head = (kind: number, flags: number, lane: number): number =>
  ((kind << 24) | (flags << 16) | lane) >>> 0;
export const kindOf = (headWord: number): number => headWord >>> 24;
export const flagsOf = (headWord: number): number => (headWord >>> 16) & 0xff;
export const laneOf = (headWord: number): number => headWord & 0xffff;

/** Bytes of UTF-8 in a text piece: `t` (8) and `a`–`d` (16). The last piece is padded with NUL. */
export const TEXT_PIECE_BYTES = 24;
/** The writer cuts a longer text at a character and ends it in "…"; a reader refuses more. */
export const TEXT_MAX_BYTES = 4096;
