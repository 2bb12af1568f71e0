import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { LevelTrack } from '../../../runtime/trace/columns/levels.ts';

describe('The level of a resource', () => {
  it('has the least and the greatest of each pixel, as looking at each move would find', () => {
    const move = fc.tuple(fc.nat(200), fc.nat(1000));
    fc.assert(
      fc.property(
        fc.array(move, { minLength: 1, maxLength: 2000, size: 'max' }),
        fc.integer({ min: -1000, max: 200_000 }),
        fc.integer({ min: 1, max: 20_000 }),
        (moves, startNs, nsPerPixel) => {
          const track = new LevelTrack();
          let t = 0;
          const all = moves.map(([ns, level]) => ({ t: (t += ns), level }));
          for (const it of all) track.append(it.t, it.level, -1);
          const n = 20;
          const out = { min: new Float32Array(n), max: new Float32Array(n) };
          track.range(startNs, nsPerPixel, n, out);
          for (let pixel = 0; pixel < n; pixel++) {
            const left = startNs + pixel * nsPerPixel;
            const before = all.findLast((it) => it.t <= left);
            const seen = all.filter((it) => it.t > left && it.t < left + nsPerPixel);
            const levels = [...(before ? [before] : []), ...seen].map((it) => it.level);
            assert.equal(out.min[pixel], levels.length === 0 ? -1 : Math.min(...levels));
            assert.equal(out.max[pixel], levels.length === 0 ? -1 : Math.max(...levels));
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});
