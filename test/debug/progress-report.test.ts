import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { ProgressReport } from '../../runtime/debug/progress-report.ts';

describe('the progress of opening a recording', () => {
  const reportAt = (
    isWanted: boolean,
  ): { told: string[]; report: ProgressReport; wait(ms: number): void } => {
    let ms = 0;
    const told: string[] = [];
    const report = new ProgressReport(
      isWanted,
      () => ms,
      (event, body) => told.push(`${event} ${(body as { percentage?: number }).percentage ?? ''}`.trim()),
    );
    return { told, report, wait: (more) => (ms += more) };
  };

  it('is told when it takes long, a few times a second, and ends', () => {
    const { told, report, wait } = reportAt(true);
    report.advance(0.1);
    wait(400);
    report.advance(0.5);
    report.advance(0.51);
    wait(250);
    report.advance(0.9);
    report.end();
    report.end();
    report.advance(1);
    assert.deepEqual(told, ['progressStart 50', 'progressUpdate 90', 'progressEnd']);
  });

  it('is not told of a small recording, nor to an editor that does not ask for it', () => {
    const small = reportAt(true);
    small.report.advance(0.5);
    small.report.end();
    const unasked = reportAt(false);
    unasked.wait(5000);
    unasked.report.advance(0.5);
    unasked.report.end();
    assert.deepEqual([small.told, unasked.told], [[], []]);
  });
});
