import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { SpanLog } from '../../../runtime/trace/columns/span-log.ts';
import { Fold } from '../../../runtime/trace/fold/fold.ts';
import { Checkpoint } from '../../../runtime/trace/format/checkpoint.ts';
import { KEPT_REASON } from '../../../runtime/trace/format/kinds.ts';
import { RECORD_BYTES } from '../../../runtime/trace/format/layout.ts';
import { fromText } from '../../../runtime/trace/format/text.ts';
import { formatEventId, parseEventId } from '../../../runtime/trace/model/event-id.ts';
import { Trace } from '../../../runtime/trace/model/trace.ts';
import { EventLog } from '../../../runtime/trace/queries/event-log.ts';

/** A thousand waits of one task, each of 10 ns. */
const RECORDS = fromText(`
  0 0 clock wall=1000000
  0 0 activationBegin id=1 site="a.js:1:1 line <main>" name="a.js" kind=main
  ${Array.from(
    { length: 1000 },
    (_, i) =>
      `${20 * i + 10} 0 wait id=1 site="a.js:2:1 await <main> | work()" reason=io\n${20 * i + 20} 0 run id=1`,
  ).join('\n  ')}
`);

function logOf(...batches: readonly Uint8Array[]): EventLog {
  const trace = new Trace();
  const spans = new SpanLog(trace);
  const log = new EventLog(trace, spans);
  const fold = new Fold([spans, log], trace);
  for (const records of batches) fold.feed(0, records);
  assert.deepEqual(trace.problems, []);
  return log;
}

/** The number of the record by which the span at this time began. */
const numberAt = (log: EventLog, t: number): number => log.eventOf(0, t)!.number;

describe('the numbers of records', () => {
  const whole = logOf(RECORDS);

  it('count those of the process, definitions included, and lead back to row and time', () => {
    assert.equal(numberAt(whole, 20_000) - numberAt(whole, 10_000), 1000);
    assert.deepEqual(whole.placeOf({ process: 0, number: numberAt(whole, 10_010) }), { row: 0, t: 10_010 });
    assert.equal(numberAt(whole, 20_000), RECORDS.length / RECORD_BYTES);
  });

  it('are the same when the records come one by one', () => {
    const single = Array.from({ length: RECORDS.length / RECORD_BYTES }, (_, i) =>
      RECORDS.slice(i * RECORD_BYTES, (i + 1) * RECORD_BYTES),
    );
    const log = logOf(...single);
    for (const t of [0, 15, 10_005, 20_000]) assert.equal(numberAt(log, t), numberAt(whole, t));
  });

  it('are the same when those before were let go', () => {
    const half = 1000 * RECORD_BYTES;
    const checkpoint = new Checkpoint();
    checkpoint.add(RECORDS.slice(0, half));
    const kept = checkpoint.encode({ why: KEPT_REASON.limit, limitBytes: 60e6, maxRecords: 1e6 });
    const log = logOf(kept, RECORDS.slice(half));
    for (const t of [12_005, 20_000]) assert.equal(numberAt(log, t), numberAt(whole, t));
  });

  it('tell which was the last of a process at a time', () => {
    assert.deepEqual(whole.lastBefore(0, 10_015), { process: 0, number: numberAt(whole, 10_015) });
    assert.equal(whole.lastBefore(1, 10_015), null);
  });

  it('are written as process and number', () => {
    assert.equal(formatEventId({ process: 2, number: 17 }), '2:17');
    assert.deepEqual(parseEventId('2:17'), { process: 2, number: 17 });
    for (const text of ['', '2', '2:', ':1', '2:x', '-1:3', '1:2:3']) assert.equal(parseEventId(text), null);
  });
});
