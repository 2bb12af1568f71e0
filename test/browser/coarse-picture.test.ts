import assert from 'node:assert/strict';
import { after, describe, it } from 'mocha';
import type { CoarsenessReport } from './coarse-picture.ts';
import { closeBrowser, runInPage } from './harness.ts';

describe('A picture that takes longer than a frame', function () {
  this.timeout(60_000);
  after(closeBrowser);

  it('is coarse while the view is zoomed, and exact once it stands still', async () => {
    const report = (await runInPage('test/browser/coarse-picture.ts')) as CoarsenessReport;
    assert.ok(report.differencesAfterZoom > 0, 'it was exact all the time');
    assert.equal(report.differencesAtRest, 0);
    assert.deepEqual(report.zooming, [false, false, true, true, true]);
    assert.deepEqual(report.still, [true, false, false, false]);
    assert.deepEqual(
      report.hiccups,
      [false, false, false, false, false, false],
      'one slow picture coarsens nothing',
    );
    assert.ok(report.recovered, 'still coarse, although the exact picture was in time');
  });
});
