import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { closeBrowser, runInPage } from './harness.ts';
import type { LateRecordsReport } from './late-records.ts';

describe('A record that changes what was drawn before', function () {
  this.timeout(60_000);
  let report: LateRecordsReport;
  before(async () => {
    report = (await runInPage('test/browser/late-records.ts')) as LateRecordsReport;
  });
  after(closeBrowser);

  it('repaints a wait when its end tells that it was for I/O', () => {
    assert.ok(report.changed > 1000, `${report.changed} values of pixels changed`);
    assert.equal(report.stale, 0);
  });

  it('reaches the minimap of a quiet program: the minimap asks to be drawn after its pause', () => {
    const [first, tooSoon, inTime] = report.minimapDelaysMs;
    assert.equal(first, 0);
    assert.ok(tooSoon! > 0, 'it was behind the trace and asked for nothing');
    assert.equal(inTime, 0);
  });
});
