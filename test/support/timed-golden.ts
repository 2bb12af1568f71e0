/** Golden traces have no times; the laws of times are tested with made-up ones. */

/** The same golden trace with other times: each record comes up to 1 ms after the one before. */
export function timed(golden: string, seed: number): string {
  let state = seed;
  let t = 0;
  return golden
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
      t += ((state >>> 8) % 1000) * 1000;
      return `${t} ${line}`;
    })
    .join('\n');
}
