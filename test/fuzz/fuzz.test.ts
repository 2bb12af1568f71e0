import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { installFakeCanvas } from './fake-canvas.ts';
import { damage } from './mutate.ts';
import { Random } from './random.ts';
import { complaintsAbout } from './read-all.ts';
import { seedRecordings } from './seeds.ts';

/** A sample of what `npm run fuzz` reads by the ten thousand. The seeds never change. */
const TRACES = 120;
const GROUPS = 8;
/** Every so often the panel is asked for everything. */
const THOROUGH_EVERY = 4;

describe('damaged traces', () => {
  for (let group = 0; group < GROUPS; group++) {
    const first = 1 + (group * TRACES) / GROUPS;
    const last = first + TRACES / GROUPS - 1;
    it(`are read without an exception, a wrong number or an absurd word (seeds ${first} to ${last})`, () => {
      const { OffscreenCanvas, ImageData } = globalThis;
      installFakeCanvas();
      const seeds = seedRecordings();
      try {
        for (let seed = first; seed <= last; seed++) {
          const { file } = damage(new Random(seed), seeds);
          assert.deepEqual(complaintsAbout(file, seed % THOROUGH_EVERY === 0), [], `seed ${seed}`);
        }
      } finally {
        Object.assign(globalThis, { OffscreenCanvas, ImageData });
      }
    });
  }

  it('are the same for the same seed', () => {
    const seeds = seedRecordings();
    assert.deepEqual(damage(new Random(7), seeds), damage(new Random(7), seeds));
    assert.notDeepEqual(damage(new Random(7), seeds), damage(new Random(8), seeds));
  });
});
