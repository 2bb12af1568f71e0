/** How many jobs of a queue were in which state, from the records of all its processes. */
import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { countsAt, QueueLevels } from '../../../runtime/trace/columns/queue-levels.ts';
import { Fold } from '../../../runtime/trace/fold/fold.ts';
import { fromText } from '../../../runtime/trace/format/text.ts';
import { Trace } from '../../../runtime/trace/model/trace.ts';

const MS = 1_000_000;
const QUEUE = 'name="words|127.0.0.1:6379/0 bull:words" kind=job-queue';
const PRODUCER = `
  0 0 processBegin pid=1 language=node method=program
  0 0 activationBegin id=1 name="produce" kind=main
  1 0 resourceBegin creator=1 id=2 ${QUEUE}
  2 0 resourceBegin creator=1 id=3 name="a" kind=job
  2 0 link id=1 token=7 resource=2 attempt=1 way=send kind=queued-job
  3 0 resourceBegin creator=1 id=4 name="b" kind=job
  3 0 link id=1 token=8 resource=2 attempt=1 way=send kind=queued-job
  4 0 resourceBegin creator=1 id=5 name="later" kind=job
  4 0 link id=1 token=9 resource=2 attempt=1 way=send kind=queued-job
  4 0 use by=1 resource=5 forMs=26 how=delays
  99 0 activationEnd id=1 outcome=ok
`;
const WORKER = `
  0 0 processBegin pid=2 language=node method=program
  0 0 activationBegin id=1 name="work" kind=main
  0 0 resourceBegin creator=1 id=2 ${QUEUE}
  10 0 activationBegin id=10 parent=1 name="a" kind=job
  10 0 link id=10 token=7 resource=2 attempt=1 way=receive kind=queued-job
  20 0 link id=10 token=70 resource=2 attempt=2 way=send kind=queued-job
  20 0 activationEnd id=10 error="no" outcome=error
  21 0 activationBegin id=11 parent=1 name="b" kind=job
  21 0 link id=11 token=8 resource=2 attempt=1 way=receive kind=queued-job
  40 0 activationEnd id=11 error="no" outcome=error
  50 0 activationBegin id=12 parent=1 name="a" kind=job
  50 0 link id=12 token=70 resource=2 attempt=2 way=receive kind=queued-job
  60 0 activationEnd id=12 outcome=ok
`;
const inNs = (text: string): Uint8Array =>
  fromText(text.replaceAll(/^(\s*)(\d+) (?=\d)/gm, (_, space: string, ms: string) => `${space}${ms}000000 `));

function countsOf(parts: readonly string[], atMs: readonly number[]): string[] {
  const trace = new Trace();
  const fold = new Fold([], trace);
  for (const [part, text] of parts.entries()) fold.feed(part, inNs(text));
  const [queue] = trace.jobs.queues;
  const tracks = new QueueLevels(trace, () => 0).tracksOf(queue!);
  return atMs.map((ms) => {
    const { waiting, active, delayed, failed } = countsAt(tracks, ms * MS);
    return `${ms}: ${waiting} ${active} ${delayed} ${failed}`;
  });
}

describe('the jobs of a queue, by state', () => {
  for (const [order, parts] of [
    ['read in the order of time', [PRODUCER, WORKER]],
    ['whose worker was read first', [WORKER, PRODUCER]],
  ] as const)
    it(`are counted, ${order}`, () => {
      assert.deepEqual(countsOf(parts, [0, 3, 5, 15, 20, 25, 35, 45, 55, 99]), [
        '0: 0 0 0 0',
        '3: 2 0 0 0',
        // One is held back for 26 ms.
        '5: 2 0 1 0',
        '15: 1 1 1 0',
        // The attempt failed, and asked for another.
        '20: 2 0 1 0',
        '25: 1 1 1 0',
        '35: 2 1 0 0',
        // This one failed for good.
        '45: 2 0 0 1',
        '55: 1 1 0 1',
        '99: 1 0 0 1',
      ]);
    });

  it('are active no more when their process was killed', () => {
    const killed = `${WORKER.slice(0, WORKER.indexOf('  20 0'))}
      14 0 wait id=10 reason=timer
      15 0 processEnd signal=9 how=signal`;
    assert.deepEqual(countsOf([PRODUCER, killed], [12, 50]), ['12: 1 1 1 0', '50: 2 0 0 0']);
  });

  it('wait for nobody who added them, where only their workers were recorded', () => {
    assert.deepEqual(countsOf([WORKER], [15, 20, 55]), ['15: 0 1 0 0', '20: 1 0 0 0', '55: 0 1 0 1']);
  });
});
