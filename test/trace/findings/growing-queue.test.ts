import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

/** Puts a microsecond apart, with a get after each `getEvery`-th. */
function moves(puts: number, getEvery: number, queue = ''): string {
  const lines = [
    `0 0 resourceBegin id=9 name="events" kind=queue site="a.ts:1:9 call" ${queue}`,
    '1 0 activationBegin id=1 name="reader" kind=coroutine',
  ];
  let depth = 0;
  for (let i = 1; i <= puts; i++) {
    lines.push(`${i * 1000} 0 put by=1 resource=9 depth=${++depth} serial=${i}`);
    if (i % getEvery === 0) lines.push(`${i * 1000} 0 get resource=9 depth=${--depth}`);
  }
  return lines.join('\n');
}

describe('a queue without a capacity', () => {
  it('is found when it grows although items come out of it', () => {
    assert.deepEqual(findingsOf(moves(2048, 4)), [
      'warning growing-queue: queue events has no capacity and grew for 2.0 ms to 1,537 items: 2,048 went in and 511 came out; ' +
        'the last was put by reader. With a capacity put() would wait for the consumers.',
    ]);
  });

  it('is not found while it keeps its depth, is only filled, or has a capacity', () => {
    assert.deepEqual(findingsOf(moves(4000, 1)), []);
    assert.deepEqual(findingsOf(moves(4000, 5000)), []);
    assert.deepEqual(findingsOf(moves(2048, 4, 'capacity=5000 bounded')), []);
  });

  it('is not found as long as it is short', () => {
    assert.deepEqual(findingsOf(moves(1280, 4)), []);
  });
});

describe('a queue of jobs', () => {
  const jobs = (getEvery: number): string => {
    const added =
      '2 0 resourceBegin creator=1 id=10 site="a.ts:7:3 call poll | orders.add()" name="order" kind=job';
    return moves(2048, getEvery)
      .replace('kind=queue', 'kind=job-queue')
      .replace('name="reader"', 'name="poll"')
      .replace('\n1000 0 put', `\n${added}\n1000 0 put`);
  };

  it('is found when its workers do not keep up, with the line that adds', () => {
    assert.deepEqual(findingsOf(jobs(4)), [
      'warning growing-queue: job-queue events grew for 2.0 ms to 1,537 jobs: 2,048 went in and 511 came out; ' +
        'the last was added by poll at a.ts:7. Its workers do not keep up with what is added.',
    ]);
  });

  it('is not found while they keep up', () => {
    assert.deepEqual(findingsOf(jobs(1)), []);
  });
});
