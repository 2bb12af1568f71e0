/** What is found of jobs of queues, each beside a program in which nothing is wrong. */
import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const QUEUE = 'name="words|127.0.0.1:6379/0 bull:words" kind=job-queue';
const inNs = (text: string): string =>
  text.replaceAll(/^(\s*)(\d+) (?=\d)/gm, (_, space: string, ms: string) => `${space}${ms}000000 `);
const found = (...parts: readonly string[]): string[] =>
  findingsOf(...parts.map(inNs)).filter((line) => / (stalled-job|job-|jobs-|endless-job|growing)/.test(line));

const begin = (pid: number): string => `
  0 0 processBegin pid=${pid} language=node method=program
  0 0 laneBegin osThread=1 name="main" kind=main
  0 0 activationBegin id=1 name="main" kind=main
  0 0 resourceBegin creator=1 id=2 ${QUEUE}
  1 0 wait id=1 reason=io`;
const PRODUCER = `${begin(1)}
  2 0 resourceBegin creator=1 id=3 site="a.ts:3:1 call main | add()" name="count" kind=job
  2 0 link id=1 token=7 resource=2 attempt=1 way=send kind=queued-job`;
/** An attempt at that job. @param ms when it begins */
const attempt = (id: number, ms: number): string => `
  ${ms} 0 activationBegin id=${id} name="count" kind=job
  ${ms} 0 link id=${id} token=7 resource=2 attempt=1 way=receive kind=queued-job`;
const SECOND = `${begin(3)} ${attempt(20, 900)}
  910 0 activationEnd id=20 outcome=ok`;

describe('a job that is begun again', () => {
  it('was of a worker whose thread was held', () => {
    const held = `${begin(2)} ${attempt(10, 10)}
      10 0 wait id=10 reason=timer
      15 0 held duration=800000000 site="w.ts:9:3 line crunch"
      1000 0 run id=10
      1000 0 activationEnd id=10 error="lost its lock" outcome=error`;
    assert.deepEqual(found(PRODUCER, held, SECOND), [
      'warning stalled-job: count stalled: its worker’s thread was held for 800 ms by `crunch` at w.ts:9, and could not say that it lives. It was begun again as count 890 ms after its first beginning, by process 3.',
    ]);
  });

  it('was done twice where both attempts were done', () => {
    const slow = `${begin(2)} ${attempt(10, 10)}
      15 0 held duration=800000000 site="w.ts:9:3 line crunch"
      1000 0 activationEnd id=10 outcome=ok`;
    assert.deepEqual(found(PRODUCER, slow, SECOND), [
      'warning job-done-twice: A job was done twice: count began by process 3 while count went on, and both were done. Of the first, its worker’s thread was held for 800 ms by `crunch` at w.ts:9, and could not say that it lives. What a job does must be right when it is done again, or its worker must give its thread away.',
    ]);
  });

  it('was of a worker that was killed', () => {
    const killed = `${begin(2)} ${attempt(10, 10)}
      12 0 wait id=10 reason=timer
      20 0 processEnd signal=9 how=signal`;
    const words =
      'info stalled-job: count stalled: its worker’s process was ended by SIGKILL in the middle of it. It was begun again as count 890 ms after its first beginning, by process 3.';
    assert.deepEqual(found(PRODUCER, killed, SECOND), [words]);
    // In whatever order the processes are read.
    assert.deepEqual(found(killed, SECOND, PRODUCER), [words]);
  });

  it('is nothing to tell of where it is a retry, or was put off', () => {
    const retried = `${begin(2)} ${attempt(10, 10)}
      20 0 link id=10 token=70 resource=2 attempt=2 way=send kind=queued-job
      20 0 activationEnd id=10 error="no" outcome=error
      30 0 activationBegin id=11 name="count (attempt 2)" kind=job
      30 0 link id=11 token=70 resource=2 attempt=2 way=receive kind=queued-job
      40 0 activationEnd id=11 outcome=ok`;
    const putOff = `${begin(2)} ${attempt(10, 10)}
      20 0 link id=10 token=7 resource=2 attempt=1 way=send kind=queued-job
      20 0 activationEnd id=10 outcome=ok ${attempt(11, 30)}
      40 0 activationEnd id=11 outcome=ok`;
    assert.deepEqual(found(PRODUCER, retried), []);
    assert.deepEqual(found(PRODUCER, putOff), []);
  });
});

describe('a job that does not end', () => {
  /** Three others took 10 ms each; this one waits. */
  const waiting = (untilMs: number): string => {
    const others = [1, 2, 3].map(
      (i) => `
      ${i * 20} 0 activationBegin id=${10 + i} name="count" kind=job
      ${i * 20} 0 link id=${10 + i} token=${100 + i} resource=2 attempt=1 way=receive kind=queued-job
      ${i * 20 + 10} 0 activationEnd id=${10 + i} outcome=ok`,
    );
    return `${begin(2)} ${others.join('')}
      100 0 activationBegin id=30 name="fetch" kind=job
      100 0 link id=30 token=200 resource=2 attempt=1 way=receive kind=queued-job
      110 0 wait id=30 site="w.ts:12:5 await! fetch | reply" reason=future
      ${untilMs} 0 run id=1
      ${untilMs} 0 wait id=1 reason=io`;
  };

  it('is found with where it waits, and what the others of its queue took', () => {
    assert.deepEqual(found(waiting(4000)), [
      'warning endless-job: fetch has not ended: it waits at w.ts:12 since 3.89 s, while 3 other jobs of job-queue words took 10 ms at the median. A worker that closes waits for it; a limit of time of its own would end it.',
    ]);
  });

  it('is nothing to tell of while it is young, nor when it ends', () => {
    assert.deepEqual(found(waiting(800)), []);
    const ended = `${waiting(4000)}
      4001 0 run id=30
      4002 0 activationEnd id=30 outcome=ok`;
    assert.deepEqual(found(ended), []);
  });
});

describe('process.exit in the middle of jobs', () => {
  const exits = (before: string): string => `${begin(2)} ${attempt(10, 10)} ${before}
    30 0 run id=1
    30 0 processEnd by=1 exitCode=0 site="w.ts:20:3 call main" how=called`;

  it('is found with its line', () => {
    assert.deepEqual(found(PRODUCER, exits('\n 12 0 wait id=10 reason=timer')), [
      'error jobs-cut-off: process.exit at w.ts:20 ended the process in the middle of 1 job: count. Their queue begins them again when it has missed their worker. Close the worker first, which waits for its jobs.',
    ]);
  });

  it('is nothing to tell of when they are done', () => {
    assert.deepEqual(found(PRODUCER, exits('\n 12 0 activationEnd id=10 outcome=ok')), []);
  });

  it('also loses what stands in line at a queue of the process itself', () => {
    const own = `
      0 0 processBegin pid=2 language=node method=program
      0 0 activationBegin id=1 name="main" kind=main
      0 0 resourceBegin creator=1 id=2 name="mails" kind=job-queue
      1 0 put by=1 resource=2 depth=1 serial=1
      2 0 put by=1 resource=2 depth=2 serial=2
      30 0 processEnd by=1 exitCode=0 site="w.ts:20:3 call main" how=called`;
    assert.deepEqual(found(own), [
      'error jobs-cut-off: process.exit at w.ts:20 ended the process: 2 jobs in line at job-queue mails of this process are lost. Close the worker first, which waits for its jobs.',
    ]);
  });
});

describe('a queue of jobs outside the process', () => {
  /** @param done of how many added jobs one is done. */
  const parts = (done: number): [string, string] => {
    const added: string[] = [];
    const taken: string[] = [];
    for (let i = 0; i < 2400; i++) {
      const ms = 10 + i;
      added.push(
        `${ms} 0 resourceBegin creator=1 id=${100 + i} site="a.ts:7:3 call main | add()" name="order" kind=job`,
        `${ms} 0 link id=1 token=${1000 + i} resource=2 attempt=1 way=send kind=queued-job`,
      );
      if (i % done !== 0) continue;
      const token = 1000 + i / done;
      taken.push(
        `${ms} 0 activationBegin id=${100 + i} name="order" kind=job`,
        `${ms} 0 link id=${100 + i} token=${token} resource=2 attempt=1 way=receive kind=queued-job`,
        `${ms} 0 activationEnd id=${100 + i} outcome=ok`,
      );
    }
    return [`${begin(1)}\n${added.join('\n')}`, `${begin(2)}\n${taken.join('\n')}`];
  };

  it('is found when it grows, with the line that adds, in another process than its workers', () => {
    const [line] = found(...parts(4));
    assert.match(
      line!,
      /^warning growing-queue: job-queue words grew for .* went in and .* came out; the last was added by main at a\.ts:7\. Its workers do not keep up/,
    );
  });

  it('is nothing to tell of while its workers keep up', () => {
    assert.deepEqual(found(...parts(1)), []);
  });
});
