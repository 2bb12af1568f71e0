import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { CLASS_OF_CODE, packCode } from '../../../runtime/trace/columns/classes.ts';
import { cover, COVER_SHARES } from '../../../runtime/trace/columns/cover.ts';
import { Tracks } from '../../../runtime/trace/columns/tracks.ts';

interface Transition {
  readonly t: number;
  readonly code: number;
}

/** Codes of living states; ready, run, waits of several reasons. */
const CODES = [
  packCode(1, 0),
  packCode(2, 0),
  packCode(3, 3),
  packCode(3, 5),
  packCode(3, 7),
  packCode(3, 1),
];

/** Gaps from nothing to forty minutes, so that a chunk's 40 bits of time are left behind too. */
const gap = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 5_000 }) },
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 5_000_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 2_400_000_000 }).map((n) => n * 1000) },
);
const history = (maxLength: number) =>
  fc
    .array(fc.tuple(gap, fc.constantFrom(...CODES)), { minLength: 1, maxLength, size: 'max' })
    .map((steps) => {
      let t = 0;
      return steps.map(([ns, code]): Transition => ({ t: (t += ns), code }));
    });

function tracksOf(transitions: readonly Transition[], row = 0): Tracks {
  const tracks = new Tracks();
  for (const { t, code } of transitions) tracks.append(row, t, code, 7, -3);
  return tracks;
}

/** Each pixel's shares, added up span by span. */
function bruteForce(
  all: readonly Transition[],
  startNs: number,
  nsPerPixel: number,
  n: number,
  endNs: number,
): Float64Array {
  const out = new Float64Array(n * COVER_SHARES);
  all.forEach(({ t, code }, i) => {
    const until = i + 1 < all.length ? all[i + 1]!.t : endNs;
    const kind = CLASS_OF_CODE[code]!;
    if (kind === 0) return;
    const first = Math.max(0, Math.floor((t - startNs) / nsPerPixel));
    const last = Math.min(n - 1, Math.floor((until - startNs) / nsPerPixel));
    for (let pixel = first; pixel <= last; pixel++) {
      const left = startNs + pixel * nsPerPixel;
      const ns = Math.min(until, left + nsPerPixel) - Math.max(t, left);
      if (ns > 0) out[pixel * COVER_SHARES + kind - 1]! += ns / nsPerPixel;
    }
  });
  return out;
}

/** Greatest difference of any share. */
function difference(a: Float64Array, b: Float32Array): number {
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!));
  return most;
}

const view = fc.record({
  from: fc.double({ min: -0.2, max: 1.1, noNaN: true }),
  width: fc.double({ min: 0.0001, max: 1.5, noNaN: true }),
  pixels: fc.integer({ min: 1, max: 60 }),
});

describe('Coverage of a row', () => {
  it('is that of adding up its spans one by one, in any view', () => {
    fc.assert(
      fc.property(history(900), view, ({ ...all }, { from, width, pixels }) => {
        const transitions = Object.values(all) as Transition[];
        const endNs = transitions.at(-1)!.t + 1000;
        const startNs = Math.floor(from * endNs);
        const nsPerPixel = Math.max(1, (width * endNs) / pixels);
        const out = new Float32Array((pixels + 1) * COVER_SHARES);
        cover(tracksOf(transitions), 0, { startNs, nsPerPixel }, 0, pixels, endNs, out, 4, 0);
        assert.ok(difference(bruteForce(transitions, startNs, nsPerPixel, pixels, endNs), out) < 0.002);
      }),
      { numRuns: 150 },
    );
  });

  it('is the same in many chunks, where nodes stand on nodes', () => {
    const transitions: Transition[] = [];
    for (let i = 0, t = 0; i < 40_000; i++) {
      t += (i * 7919) % 1013;
      transitions.push({ t, code: CODES[(i * 31 + (i >> 7)) % CODES.length]! });
    }
    const endNs = transitions.at(-1)!.t + 500;
    const tracks = tracksOf(transitions, 3);
    for (const pixels of [1, 2, 7, 100]) {
      const nsPerPixel = (endNs * 1.1) / pixels;
      const out = new Float32Array((pixels + 1) * COVER_SHARES);
      cover(tracks, 3, { startNs: -50, nsPerPixel }, 0, pixels, endNs, out, 4, 0);
      assert.ok(
        difference(bruteForce(transitions, -50, nsPerPixel, pixels, endNs), out) < 0.002,
        `${pixels} pixels`,
      );
    }
  });

  it('differs by no more than a node may hide when tiny nodes are divided by time', () => {
    fc.assert(
      fc.property(history(900), view, (transitions, { from, width, pixels }) => {
        const endNs = transitions.at(-1)!.t + 1000;
        const startNs = Math.floor(from * endNs);
        const nsPerPixel = Math.max(1, (width * endNs) / pixels);
        const out = new Float32Array((pixels + 1) * COVER_SHARES);
        cover(tracksOf(transitions), 0, { startNs, nsPerPixel }, 0, pixels, endNs, out);
        // One node at each edge, half a pixel long at most, wrong by a quarter of itself at worst.
        assert.ok(difference(bruteForce(transitions, startNs, nsPerPixel, pixels, endNs), out) <= 0.26);
      }),
      { numRuns: 100 },
    );
  });

  it('of a strip is that of the strip in the whole', () => {
    fc.assert(
      fc.property(
        history(600),
        view,
        fc.nat(59),
        fc.nat(59),
        (transitions, { from, width, pixels }, a, b) => {
          const endNs = transitions.at(-1)!.t + 1000;
          const scale = {
            startNs: Math.floor(from * endNs),
            nsPerPixel: Math.max(1, (width * endNs) / pixels),
          };
          const tracks = tracksOf(transitions);
          const left = Math.min(a, b) % pixels;
          const right = Math.min(pixels, Math.max(a, b));
          if (left >= right) return;
          const whole = new Float32Array((pixels + 1) * COVER_SHARES);
          cover(tracks, 0, scale, 0, pixels, endNs, whole);
          const strip = new Float32Array((pixels + 1) * COVER_SHARES);
          cover(tracks, 0, scale, left, right, endNs, strip);
          for (let i = left * COVER_SHARES; i < right * COVER_SHARES; i++) {
            assert.ok(Math.abs(whole[i]! - strip[i]!) < 0.002, `share ${i}: ${whole[i]} and ${strip[i]}`);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('of an ended row stops at its end, and of a living one goes on until now', () => {
    const out = new Float32Array(12);
    const living = tracksOf([{ t: 0, code: CODES[0]! }]);
    cover(living, 0, { startNs: 0, nsPerPixel: 10 }, 0, 2, 15, out);
    assert.deepEqual([out[0], out[4]], [1, 0.5]);
    living.append(0, 10, packCode(4, 1), -1, 0);
    cover(living, 0, { startNs: 0, nsPerPixel: 10 }, 0, 2, 20, out);
    assert.deepEqual([out[0], out[4], out[5], out[6], out[7]], [1, 0, 0, 0, 0]);
  });

  it('of a lane leaves time in which nothing ran uncovered, also within a node', () => {
    const lanes = new Tracks();
    for (let i = 0; i < 64; i++) lanes.append(0, i * 10, i % 2 === 0 ? packCode(1, 0) : 0, i, 0);
    const out = new Float32Array(8);
    cover(lanes, 0, { startNs: 0, nsPerPixel: 640 }, 0, 1, 640, out, 0);
    assert.ok(Math.abs(out[0]! - 0.5) < 1e-3);
    assert.equal(out[3], 0);
  });
});
