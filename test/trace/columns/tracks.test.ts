import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { packCode } from '../../../runtime/trace/columns/classes.ts';
import { Columns } from '../../../runtime/trace/columns/columns.ts';
import { Tracks } from '../../../runtime/trace/columns/tracks.ts';
import { Fold } from '../../../runtime/trace/fold/fold.ts';
import { Trace } from '../../../runtime/trace/model/trace.ts';
import { RECORD_BYTES } from '../../../runtime/trace/format/layout.ts';
import { demoRecords } from '../../support/demo-records.ts';

/** All that a row holds, as text a person can read. */
function spansOf(tracks: Tracks): string {
  const lines: string[] = [];
  for (let row = 0; row < tracks.rows; row++) {
    for (let i = 0; i < tracks.count(row); i++) {
      const { startNs, endNs, code, ref, target } = tracks.span(row, i);
      lines.push(`${row} ${startNs}–${endNs} ${code} ${ref} ${target}`);
    }
  }
  return lines.join('\n');
}

describe('Tracks', () => {
  it('give back what was appended, however rows take turns and however long the gaps', () => {
    const step = fc.tuple(
      fc.nat(6),
      fc.oneof(
        { weight: 9, arbitrary: fc.nat(100_000) },
        { weight: 1, arbitrary: fc.nat(2_000_000_000).map((n) => n * 1000) },
      ),
      fc.nat(255),
      fc.integer({ min: -1, max: 2 ** 31 - 1 }),
      fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 3000, size: 'max' }), (steps) => {
        const tracks = new Tracks();
        const rows = new Map<number, { t: number; code: number; ref: number; target: number }[]>();
        let t = 0;
        for (const [row, ns, code, ref, target] of steps) {
          t += ns;
          tracks.append(row, t, code, ref, target);
          if (!rows.has(row)) rows.set(row, []);
          rows.get(row)!.push({ t, code, ref, target });
        }
        for (const [row, expected] of rows) {
          assert.equal(tracks.count(row), expected.length);
          expected.forEach((it, i) => {
            assert.deepEqual(tracks.span(row, i), {
              index: i,
              startNs: it.t,
              endNs: expected[i + 1]?.t ?? null,
              code: it.code,
              ref: it.ref,
              target: it.target,
            });
          });
        }
      }),
      { numRuns: 30 },
    );
  });

  it('find the span at a time: the last that began at or before it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(50), { minLength: 1, maxLength: 3000, size: 'max' }),
        fc.nat(100_000),
        (gaps, t) => {
          const tracks = new Tracks();
          let now = 0;
          const times = gaps.map((ns) => (now += ns));
          for (const time of times) tracks.append(0, time, 1, -1, 0);
          assert.equal(
            tracks.at(0, t),
            times.findLastIndex((time) => time <= t),
          );
        },
      ),
      { numRuns: 100 },
    );
  });

  it('count a time before its predecessor as simultaneous with it', () => {
    const tracks = new Tracks();
    tracks.append(0, 100, 1, -1, 0);
    tracks.append(0, 90, 2, -1, 0);
    assert.equal(tracks.time(0, 1), 100);
  });

  it('give the room of a forgotten row to others', () => {
    const tracks = new Tracks();
    for (let round = 0; round < 200; round++) {
      for (let i = 0; i < 1500; i++) tracks.append(round, i, 1, -1, 0);
      tracks.release(round);
    }
    assert.equal(tracks.spans, 0);
    assert.equal(tracks.arena.pages.length, 1);
  });

  it('hold a hundred thousand short rows in less than 20 MB, and long rows in 16 bytes a span', () => {
    const short = new Tracks();
    for (let row = 0; row < 100_000; row++)
      for (let i = 0; i < 6; i++) short.append(row, row * 10 + i, 1, i, i);
    assert.ok(short.bytes < 20e6, `${short.bytes} bytes`);
    const long = new Tracks();
    for (let i = 0; i < 1_000_000; i++) long.append(i % 20, i * 100, packCode((i % 3) + 1, 0), i, i);
    assert.ok(long.bytes / long.spans < 16, `${long.bytes / long.spans} bytes a span`);
  });
});

describe('Columns', () => {
  it('are the same however the records are cut into batches', () => {
    const records = demoRecords(2);
    const trace = new Trace();
    const whole = new Columns(trace);
    new Fold([whole], trace).feed(0, records);
    fc.assert(
      fc.property(fc.array(fc.nat(records.length / RECORD_BYTES), { maxLength: 12 }), (cuts) => {
        const own = new Trace();
        const columns = new Columns(own);
        const fold = new Fold([columns], own);
        let from = 0;
        for (const cut of [...cuts, records.length / RECORD_BYTES].sort((a, b) => a - b)) {
          fold.feed(0, records.slice(from, cut * RECORD_BYTES));
          from = cut * RECORD_BYTES;
        }
        assert.equal(spansOf(columns.rows), spansOf(whole.rows));
        assert.equal(spansOf(columns.lanes), spansOf(whole.lanes));
      }),
      { numRuns: 20 },
    );
  });

  it('keep no row for a task that its caller awaited at once', async () => {
    const { fromText } = await import('../../../runtime/trace/format/text.ts');
    const trace = new Trace();
    const columns = new Columns(trace);
    const fold = new Fold([columns], trace);
    fold.feed(
      0,
      fromText(`
        0 0 activationBegin id=1 name="main" kind=module
        10 0 activationBegin id=2 parent=1 name="load" kind=async-function
        20 0 wait id=2 reason=io
        30 0 wait id=1 for=2 reason=task direct
        90 0 run id=2
        95 0 activationEnd id=2 outcome=ok
        99 0 run id=1 waker=2 waker=known
      `),
    );
    assert.equal(columns.rows.count(1), 0);
    assert.deepEqual(
      Array.from({ length: columns.rows.count(0) }, (_, i) => columns.rows.span(0, i).startNs),
      [0, 30, 90, 95, 99],
    );
  });
});
