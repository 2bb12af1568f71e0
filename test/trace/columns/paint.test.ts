import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { bandsOf, HATCH_FROM_PX, Painter, type Palette } from '../../../runtime/trace/columns/paint.ts';

const palette: Palette = {
  background: 0xff000000,
  run: 0xff0000ff,
  ready: 0xff00ff00,
  blocked: 0xffff0000,
  idle: 0xff888888,
  mark: 0xffffffff,
  dots: 0xffffffff,
};
const LETTERS = new Map<number, string>([
  [palette.background, '.'],
  [palette.run, 'R'],
  [palette.ready, 'y'],
  [palette.blocked, 'B'],
  [palette.idle, '-'],
  [palette.mark, '#'],
]);

/**
 * Paints one row from a word of pure pixels: r run, y ready, b blocked, i idle; as letters again.
 */
function picture(pixels: string, height: number, phase = 0, from = 0, to = pixels.length): string {
  const shares = new Float32Array(pixels.length * 4);
  [...pixels].forEach((letter, x) => {
    const at = 'rybi'.indexOf(letter);
    if (at >= 0) shares[x * 4 + at] = 1;
  });
  const out = new Uint32Array(pixels.length * height).fill(palette.background);
  new Painter(palette).paintRow(out, pixels.length, 0, height, shares, from, to, phase);
  const lines: string[] = [];
  for (let y = 0; y < height; y++) {
    lines.push(
      Array.from(out.subarray(y * pixels.length, (y + 1) * pixels.length), (p) => LETTERS.get(p) ?? '?').join(
        '',
      ),
    );
  }
  return lines.join('\n');
}

describe('A painted row', () => {
  it('tells the states apart by height and pattern, not by colour alone', () => {
    assert.equal(
      picture('rryyyyii', 9),
      [
        '........',
        'RR......',
        'RR......',
        'RRyy##..',
        'RRyyyy--',
        'RRyyyy..',
        'RRyyyy..',
        'RR......',
        '........',
      ].join('\n'),
    );
  });

  it('hatches time that is blocked where it is at least six pixels wide, and not below', () => {
    assert.ok(picture('b'.repeat(HATCH_FROM_PX), 9).includes('#'));
    assert.ok(!picture(`${'b'.repeat(HATCH_FROM_PX - 1)}r`, 9).includes('#'));
  });

  it('keeps its patterns in place when the view moves by a pixel', () => {
    const shifted = picture('b'.repeat(24), 9, 1)
      .split('\n')
      .map((line) => line.slice(0, -1));
    const still = picture('b'.repeat(24), 9, 0)
      .split('\n')
      .map((line) => line.slice(1));
    assert.deepEqual(shifted, still);
  });

  it('painted strip by strip is the row painted at once', () => {
    const word = 'rryyyybbbbbbbbbbii..rbyi';
    const whole = picture(word, 18, 5);
    for (let cut = 1; cut < word.length; cut++) {
      const left = picture(word, 18, 5, 0, cut).split('\n');
      const right = picture(word, 18, 5, cut, word.length).split('\n');
      assert.equal(left.map((line, y) => line.slice(0, cut) + right[y]!.slice(cut)).join('\n'), whole);
    }
  });

  it('of four pixels has one band in which every state shows', () => {
    assert.equal(picture('rybi', 4), ['RyB-', 'RyB-', 'RyB-', '....'].join('\n'));
  });

  /** How many of the row's 18 lines have the colour of a run. */
  function runLines(shares: readonly number[]): number {
    const out = new Uint32Array(18);
    new Painter(palette).paintRow(out, 1, 0, 18, new Float32Array(shares), 0, 1, 0);
    const lines = out.findLastIndex((pixel) => pixel === palette.run) - out.indexOf(palette.run) + 1;
    assert.equal(out.filter((pixel) => pixel === palette.run).length, lines, 'the bar has no gap');
    assert.equal(out[bandsOf(18).bottom - 1], palette.run, 'the bar stands on the bottom');
    return lines;
  }

  it('has a bar as high as the share of the time for which it ran', () => {
    const wholePx = bandsOf(18).bottom - bandsOf(18).top;
    assert.equal(runLines([1, 0, 0, 0]), wholePx);
    assert.equal(runLines([0.5, 0, 0, 0.5]), wholePx / 2);
    assert.equal(runLines([0.5, 0, 0.5, 0]), wholePx / 2);
  });

  it('shows that it ran, however short it was, and is not solid then', () => {
    assert.equal(runLines([0.002, 0, 0, 0.998]), 2);
    assert.equal(runLines([0.002, 0, 0, 0]), 2);
  });
});
