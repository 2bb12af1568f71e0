/** Why a job stood in line, from the records of its queue. */
import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { describeJobLine } from '../../../runtime/trace/words/job-line.ts';
import { plain } from '../../../runtime/trace/words/sentence.ts';
import { foldText } from '../../support/fold-text.ts';

const MS = 1_000_000;

/** Times are in ms. Tasks: 1 main, 5 and up attempts; resources: 2 the queue, 3 and 4 jobs. */
function lineOf(label: string, records: string): string | null {
  const head = `
    0 0 activationBegin id=1 name="main" kind=main
    0 0 resourceBegin creator=1 id=2 name="words" kind=job-queue
    0 0 resourceBegin creator=1 id=3 site="a.ts:3:1 call main | add()" name="first" kind=job
    0 0 resourceBegin creator=1 id=4 site="a.ts:4:1 call main | add()" name="second" kind=job
  `;
  const text = records.replaceAll(
    /^(\s*)(\d+) (?=\d)/gm,
    (_, space: string, ms: string) => `${space}${Number(ms) * MS} `,
  );
  const { trace } = foldText(head + text);
  const row = Array.from({ length: trace.tasks.count }, (_, task) => task).find(
    (task) => trace.labelOf(task) === label,
  )!;
  const line = describeJobLine(trace, row);
  return line === null ? null : plain(line.words);
}

const FIRST = `
  0 0 put by=1 resource=2 depth=1 serial=1
  0 0 activationBegin id=5 name="first" of=3 kind=job
  0 0 get by=5 resource=2 serial=1
`;
const SECOND = `
  400 0 activationBegin id=6 name="second" of=4 kind=job
  400 0 get by=6 resource=2 serial=2
`;

describe('the line of a job, in words', () => {
  it('names the job that had the worker', () => {
    const records = `${FIRST}
      100 0 put by=1 resource=2 depth=1 serial=2
      390 0 activationEnd id=5 outcome=ok
      ${SECOND}`;
    assert.equal(
      lineOf('second', records),
      'Its job stood in line for 300 ms at job-queue words, added at a.ts:4: no worker was free, for they were at first (290 ms).',
    );
    // Nothing stood before the first.
    assert.equal(lineOf('first', records), null);
  });

  it('blames the pause, not the jobs of before it', () => {
    assert.equal(
      lineOf(
        'second',
        `${FIRST}
        10 0 activationEnd id=5 outcome=ok
        50 0 use by=1 resource=2 site="a.ts:9:1 call main | pause()" how=pauses
        100 0 put by=1 resource=2 depth=1 serial=2
        390 0 use by=1 resource=2 how=resumes
        ${SECOND}`,
      ),
      'Its job stood in line for 300 ms at job-queue words, added at a.ts:4: the queue was paused at a.ts:9 (290 ms).',
    );
  });

  it('blames the limit of starts', () => {
    assert.equal(
      lineOf(
        'second',
        `${FIRST}
        10 0 activationEnd id=5 outcome=ok
        100 0 put by=1 resource=2 depth=1 serial=2
        100 0 use resource=2 how=limits
        400 0 use resource=2 how=unlimits
        ${SECOND}`,
      ),
      'Its job stood in line for 300 ms at job-queue words, added at a.ts:4: as many jobs had begun as its limit lets begin (300 ms).',
    );
  });

  it('tells a delay that was asked for from the pause after an attempt that failed', () => {
    assert.equal(
      lineOf(
        'second',
        `50 0 use by=1 resource=4 site="a.ts:4:1 call main | add()" how=delays
        400 0 put resource=2 depth=1 serial=2 now
        ${SECOND}`,
      ),
      'Its job, added at a.ts:4, was held back for 350 ms, as asked for at a.ts:4.',
    );
    assert.equal(
      lineOf(
        'second',
        `0 0 activationBegin id=7 name="try" of=4 kind=job
        100 0 activationEnd id=7 outcome=error
        100 0 use by=7 resource=4 how=delays
        400 0 put resource=2 depth=1 serial=2 now
        ${SECOND}`,
      ),
      'Its job, added at a.ts:4, was held back for 300 ms, after try had failed.',
    );
  });

  it('gives no reason that was not seen', () => {
    assert.equal(
      lineOf('second', `100 0 put by=1 resource=2 depth=1 serial=2 ${SECOND}`),
      'Its job stood in line for 300 ms at job-queue words, added at a.ts:4.',
    );
  });

  it('says nothing of a job that was begun at once, nor of other tasks', () => {
    assert.equal(lineOf('first', FIRST), null);
    assert.equal(lineOf('main', FIRST), null);
  });
});
