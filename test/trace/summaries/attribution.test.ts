import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { SpanLog } from '../../../runtime/trace/columns/span-log.ts';
import { Trace } from '../../../runtime/trace/model/trace.ts';
import { attributeLanes, AttributionSums } from '../../../runtime/trace/summaries/attribution.ts';
import { Fold } from '../../../runtime/trace/fold/fold.ts';
import { fromText } from '../../../runtime/trace/format/text.ts';

function attributed(text: string) {
  const trace = new Trace();
  const spans = new SpanLog(trace);
  const sums = new AttributionSums(trace);
  new Fold([spans, sums], trace).feed(0, fromText(text));
  assert.deepEqual(trace.problems, []);
  return { lanes: attributeLanes(trace, spans), waits: sums.waits() };
}

const MS = 1e6;

describe('the CPU time of a thread', () => {
  it('belongs to tasks as far as they had the thread, and the rest is listed', () => {
    const { lanes } = attributed(`
      0 0 times ran=${30 * MS}
      ${10 * MS} 0 activationBegin id=1 name="handler" kind=event-callback
      ${70 * MS} 0 activationEnd id=1 outcome=ok
      ${100 * MS} 0 times ran=${120 * MS}
      ${100 * MS} 0 held duration=${10 * MS} name="csv-parse" how=unseen
      ${200 * MS} 0 times ran=${150 * MS}
    `);
    assert.deepEqual(lanes, [
      {
        lane: 0,
        cpuNs: 150 * MS,
        startNs: 40 * MS,
        taskNs: 60 * MS,
        seenNs: 0,
        profiledNs: 0,
        unseenNs: 50 * MS,
        unseen: [
          { fromNs: 100 * MS, toNs: 200 * MS, ns: 30 * MS, by: 'csv-parse' },
          { fromNs: 0, toNs: 100 * MS, ns: 20 * MS, by: '' },
        ],
      },
    ]);
  });

  it('is known as far as a profiler saw what worked', () => {
    const { lanes } = attributed(`
      0 0 times ran=${30 * MS}
      ${10 * MS} 0 activationBegin id=1 name="handler" kind=event-callback
      ${20 * MS} 0 activationEnd id=1 outcome=ok
      ${200 * MS} 0 times ran=${190 * MS}
      ${200 * MS} 0 profile duration=${100 * MS} name="code of ajv" samples=20
      ${200 * MS} 0 profile duration=${20 * MS} site="a.ts:1:1 line f" samples=4
    `);
    const [{ cpuNs, startNs, profiledNs, unseenNs }] = lanes as [(typeof lanes)[0]];
    assert.deepEqual([cpuNs, startNs, profiledNs].map(Math.round), [190 * MS, 40 * MS, 120 * MS]);
    assert.equal(unseenNs, 30 * MS);
  });

  it('is no more for a task than the share of a processor that the thread had', () => {
    const [lane] = attributed(`
      0 0 times ran=0
      0 0 activationBegin id=1 name="handler" kind=event-callback
      ${80 * MS} 0 activationEnd id=1 outcome=ok
      ${100 * MS} 0 times ran=${50 * MS} delayed=${50 * MS}
    `).lanes;
    assert.deepEqual([lane!.taskNs, lane!.unseenNs], [40 * MS, 10 * MS]);
  });

  it('is not known where the system says nothing', () => {
    const { lanes } = attributed('0 0 activationBegin id=1 name="f" kind=async-function');
    assert.deepEqual(lanes, []);
  });
});

describe('the waiting of a trace', () => {
  it('has a waker and a name, or is listed with what it lacks', () => {
    const { waits } = attributed(`
      0 0 activationBegin id=1 name="f" kind=async-function
      0 0 resourceBegin id=7 name="a TCP connection" kind=io
      10 0 wait id=1 site="a.ts:2:1 await f | query()" for=7 reason=io
      40 0 run id=1 resource=7
      50 0 wait id=1 site="a.ts:3:1 await f | x" reason=future
      70 0 run id=1
      80 0 activationEnd id=1 outcome=ok
    `);
    const { unknown, ...sums } = waits;
    assert.deepEqual(sums, { totalNs: 50, wokenNs: 30, namedNs: 0 });
    assert.deepEqual(
      unknown.map(({ lacks, instead, ns, count }) => [lacks, instead, ns, count]),
      [
        ['name', 'a TCP connection', 30, 1],
        ['waker', '', 20, 1],
        ['name', '', 20, 1],
      ],
    );
  });
});
