import assert from 'node:assert/strict';
import { after, describe, it } from 'mocha';
import type { Seen } from './coarse-picture.ts';
import { closeBrowser, runInPage } from './harness.ts';

describe('A picture that takes longer than a frame', function () {
  this.timeout(60_000);
  after(closeBrowser);

  it('is coarse while the view is zoomed, and exact once it stands still', async () => {
    const seen = (await runInPage('test/browser/coarse-picture.ts')) as Seen;
    assert.ok(seen.unlikeAtFirst > 0, 'it was exact all the time');
    assert.equal(seen.unlikeAtLast, 0);
    assert.deepEqual(seen.zooming, [false, false, true, true, true]);
    assert.deepEqual(seen.still, [true, false, false, false]);
    assert.deepEqual(
      seen.hiccups,
      [false, false, false, false, false, false],
      'one slow picture coarsens nothing',
    );
    assert.ok(seen.recovered, 'coarse still, though the exact picture was in time');
  });
});
