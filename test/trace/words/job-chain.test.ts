/** The chain of a job, from the records of the processes that have a part in it. */
import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { describeJobChain } from '../../../runtime/trace/words/job-chain.ts';
import { describeJobLine } from '../../../runtime/trace/words/job-line.ts';
import { plain } from '../../../runtime/trace/words/sentence.ts';
import { Trace } from '../../../runtime/trace/model/trace.ts';
import { Fold } from '../../../runtime/trace/fold/fold.ts';
import { fromText } from '../../../runtime/trace/format/text.ts';

const QUEUE = 'name="words|127.0.0.1:6379/0 bull:words" kind=job-queue';
/** Times are in ms. */
const PRODUCER = `
  0 0 processBegin pid=1 language=node method=program
  0 0 activationBegin id=1 name="produce" kind=main
  1 0 resourceBegin creator=1 id=2 ${QUEUE}
  2 0 resourceBegin creator=1 id=3 site="a.ts:3:1 call produce | add()" name="count" kind=job
  2 0 link id=1 token=7 tokenHigh=8 resource=2 attempt=1 way=send kind=queued-job
  90 0 link id=1 token=70 tokenHigh=80 way=receive kind=queued-result
`;
const WORKER = `
  0 0 processBegin pid=2 language=python method=program
  0 0 activationBegin id=1 name="worker" kind=main
  0 0 resourceBegin creator=1 id=2 ${QUEUE}
  42 0 resourceBegin creator=1 id=3 name="count" kind=job
  42 0 activationBegin id=4 parent=1 name="count" of=3 kind=job
  42 0 link id=4 token=7 tokenHigh=8 resource=2 attempt=1 way=receive kind=queued-job
  50 0 link id=4 token=9 tokenHigh=8 resource=2 attempt=2 way=send kind=queued-job
  50 0 activationEnd id=4 outcome=error
  50 0 use by=4 resource=3 forMs=20 how=delays
  75 0 activationBegin id=5 parent=1 name="count (attempt 2)" of=3 kind=job
  75 0 link id=5 token=9 tokenHigh=8 resource=2 attempt=2 way=receive kind=queued-job
  80 0 link id=5 token=70 tokenHigh=80 way=send kind=queued-result
  80 0 activationEnd id=5 outcome=ok
`;

function folded(...parts: readonly string[]): Trace {
  const trace = new Trace();
  const fold = new Fold([], trace);
  parts.forEach((text, part) =>
    fold.feed(
      part,
      fromText(
        text.replaceAll(/^(\s*)(\d+) (?=\d)/gm, (_, space: string, ms: string) => `${space}${ms}000000 `),
      ),
    ),
  );
  return trace;
}

const chain = (trace: Trace, name: string): string => {
  const row = Array.from({ length: trace.tasks.count }, (_, task) => task).find(
    (task) => trace.text(trace.tasks.name[task]!) === name,
  )!;
  const line = describeJobLine(trace, row);
  return `${line === null ? '' : plain(line.words)}${plain(describeJobChain(trace, row, line !== null))}`;
};

describe('the chain of a job, in words', () => {
  for (const [order, parts] of [
    ['the producer first', [PRODUCER, WORKER]],
    ['the worker first', [WORKER, PRODUCER]],
  ] as const)
    it(`leads from who added it over its attempts to who got the result, ${order}`, () => {
      const trace = folded(...parts);
      assert.equal(
        chain(trace, 'count'),
        'Its job stood in line for 40 ms at job-queue words, added at a.ts:3. Its job was added by produce. It was followed by count (attempt 2).',
      );
      assert.equal(
        chain(trace, 'count (attempt 2)'),
        'Its job stood in line for 5.0 ms at job-queue words, added at a.ts:3; before, it was held back for 20 ms, after count had failed. It was asked for by count, which had failed. Its result came to produce 10 ms after its end.',
      );
    });

  it('claims nothing of what no record tells', () => {
    assert.equal(chain(folded(WORKER), 'count'), ' It was followed by count (attempt 2).');
    const alone = folded(WORKER.slice(0, WORKER.indexOf('  75 0')));
    assert.equal(chain(alone, 'count'), ' It asked for another attempt, whose beginning is not recorded.');
  });

  it('has one queue for both processes', () => {
    const { jobs } = folded(PRODUCER, WORKER);
    assert.equal(jobs.queues.length, 1);
    assert.equal(jobs.requestsOf(jobs.queues[0]!).length, 2);
  });

  it('has a job in line from when it was due, and never from after its attempt had begun', () => {
    const enteredMs = (delayMs: number): number => {
      const worker = WORKER.replace('forMs=20', `forMs=${delayMs}`);
      const { tasks, jobs } = folded(PRODUCER, worker);
      return jobs.lineOf(tasks.count - 1)!.enteredNs / 1e6;
    };
    assert.equal(enteredMs(20), 70);
    // Queues count by whole milliseconds.
    assert.equal(enteredMs(26), 75);
  });
});
