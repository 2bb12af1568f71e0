/**
 * A sequence of numbers in [0, 1) that a seed determines: mulberry32 (Tommy Ettinger, public
 * domain), 32 bits of state.
 * @example
 * const draw = random(1);
 * const first = draw();
 * first >= 0 && first < 1; // → true
 * random(1)() === first; // → true
 */
export function random(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
