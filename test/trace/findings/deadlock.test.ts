import { deepEqual } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const found = (text: string): string[] => findingsOf(text).filter((line) => line.includes(' deadlock: '));
const END = '999 0 processEnd how=exit';
const asks = (line: number, fn: string, text: string): string => `a.ts:${line}:5 await! ${fn} | ${text}`;

/** `outer` waits for `limit`, and what its call lets run waits for `limit` again. */
const REENTRY = `
  0 0 activationBegin id=1 name="outer" kind=async-function
  1 0 resourceBegin id=90 creator=1 site="${asks(9, 'outer', 'limit(f)')}" name="limit" kind=foreign
  2 0 wait id=1 site="${asks(9, 'outer', 'limit(f)')}" for=90 reason=future
  3 0 activationBegin id=2 parent=1 name="crawl" kind=async-function
  4 0 wait id=2 site="${asks(5, 'crawl', 'limit(g)')}" for=90 reason=future
`;

describe('tasks that wait for each other', () => {
  it('are found where what runs inside a limiter asks it again', () => {
    deepEqual(found(`${REENTRY} ${END}`), [
      'error deadlock: crawl got through limit (a.ts:9), has not ended and waits for limit again at a.ts:5: a deadlock. ' +
        'What runs inside limit must not wait for it: let it ask another one, or none.',
    ]);
  });

  /** `a` and `b` each take a lock of the library, and then want the other's. */
  const LOCKS = (kind: string, capacity: number): string => `
    0 0 resourceBegin id=91 name="x" kind=${kind} capacity=${capacity} bounded
    0 0 resourceBegin id=92 name="y" kind=${kind} capacity=${capacity} bounded
    1 0 activationBegin id=1 name="a" kind=coroutine
    2 0 acquire by=1 resource=91 holder=1
    3 0 activationBegin id=2 name="b" kind=coroutine
    4 0 acquire by=2 resource=92 holder=2
    5 0 wait id=2 site="a.ts:7:5 await b | x.acquire()" reason=lock for=91
    6 0 wait id=1 site="a.ts:4:5 await a | y.acquire()" reason=lock for=92`;

  for (const kind of ['lock', 'semaphore'])
    it(`are found where they hold a ${kind} of the library each, and none where it was given back`, () => {
      deepEqual(found(`${LOCKS(kind, 1)}\n${END}`), [
        `error deadlock: a has ${kind} x and waits for ${kind} y at a.ts:4; b has ${kind} y and waits for ` +
          `${kind} x at a.ts:7: a deadlock. Take them in one order everywhere.`,
      ]);
      const givenBack = LOCKS(kind, 1).replace(
        '5 0 wait',
        '4 0 release by=2 resource=92 holder=0\n    5 0 wait',
      );
      deepEqual(found(`${givenBack}\n${END}`), []);
    });

  it('are none where somebody outside has a permit as well', () => {
    const outside = `0 0 activationBegin id=3 name="c" kind=coroutine\n0 0 acquire by=3 resource=92 holder=3\n0 0 wait id=3 reason=timer`;
    deepEqual(
      found(
        `${LOCKS('semaphore', 2).replace('1 0 activationBegin', `${outside}\n1 0 activationBegin`)}\n${END}`,
      ),
      [],
    );
  });

  it('are found where async functions await each other, and not through a race', () => {
    const text = `
      0 0 activationBegin id=1 name="mailer" kind=async-function
      1 0 activationBegin id=2 parent=1 name="users" kind=async-function
      2 0 resourceBegin id=91 name="group" capacity=1 kind=group
      3 0 group parent=2 group=91 child=1 count=1 kind=all
      4 0 wait id=2 site="${asks(5, 'users', 'mailer')}" for=91 reason=group
      5 0 wait id=1 site="${asks(3, 'mailer', 'users()')}" for=2 reason=task`;
    deepEqual(found(`${text}\n${END}`), [
      'error deadlock: mailer waits for users at a.ts:3; users waits for mailer at a.ts:5: a deadlock, ' +
        'none of them can end. Let one of them go on without waiting for the next.',
    ]);
    deepEqual(found(`${text.replace('kind=all', 'kind=race')}\n${END}`), []);
    deepEqual(found(text), []);
  });

  it('are found through a group, and through a function that is awaited', () => {
    const text = `
      0 0 activationBegin id=1 name="outer" kind=async-function
      1 0 resourceBegin id=90 creator=1 site="${asks(9, 'outer', 'limit(f)')}" name="limit" kind=foreign
      2 0 wait id=1 site="${asks(9, 'outer', 'limit(f)')}" for=90 reason=future
      3 0 activationBegin id=2 parent=1 name="crawl" kind=async-function
      4 0 resourceBegin id=91 name="Promise.all" capacity=1 kind=group
      5 0 group parent=2 group=91 child=90 count=1 kind=all
      6 0 activationBegin id=3 parent=2 name="all" kind=async-function
      7 0 wait id=3 site="${asks(5, 'all', 'Promise.all(list)')}" for=91 reason=group
      8 0 wait id=2 site="${asks(6, 'crawl', 'all()')}" for=3 reason=task direct
    `;
    deepEqual(found(`${text} ${END}`).length, 1);
  });

  it('are told one after the other where they take two locks in another order', () => {
    const task = (id: number, has: number, line: number): string => `
      ${id}0 0 activationBegin id=${id} name="move" kind=async-function
      ${id}1 0 wait id=${id} site="${asks(line, 'move', 'lock.acquire()')}" for=${has} reason=future
      ${id}2 0 run id=${id}`;
    const text = `
      0 0 resourceBegin id=90 site="${asks(3, 'move', 'lock.acquire()')}" name="anna" kind=foreign
      1 0 resourceBegin id=91 site="${asks(3, 'move', 'lock.acquire()')}" name="bert" kind=foreign
      ${task(1, 90, 3)}
      13 0 wait id=1 site="${asks(4, 'move', 'other.acquire()')}" for=91 reason=future
      ${task(2, 91, 3)}
      23 0 wait id=2 site="${asks(4, 'move', 'other.acquire()')}" for=90 reason=future`;
    deepEqual(found(`${text}\n${END}`), [
      'error deadlock: move#1 has anna (a.ts:3) and waits for bert at a.ts:4; ' +
        'move#2 has bert (a.ts:3) and waits for anna at a.ts:4: a deadlock. Take them in one order everywhere.',
    ]);
    const gaveBack = `22 0 use by=2 resource=91 site="a.ts:3:9 call f | release()" how=call\n`;
    deepEqual(found(`${text.replace('23 0 wait', `${gaveBack} 23 0 wait`)}\n${END}`), []);
  });

  it('are told of locks whose async functions the program wrote itself', () => {
    const task = (id: number, has: number, wants: number): string => `
      ${id}0 0 activationBegin id=${id} name="move" kind=async-function
      ${id}1 0 use by=${id} resource=${has} site="${asks(3, 'move', 'lock.acquire()')}" how=got
      ${id}2 0 use by=${id} resource=${wants} site="${asks(4, 'move', 'other.acquire()')}" how=asks
      ${id}3 0 activationBegin id=${id + 4} parent=${id} name="acquire" kind=async-function
      ${id}4 0 wait id=${id + 4} site="${asks(9, 'acquire', 'new Promise(f)')}" reason=future
      ${id}5 0 wait id=${id} for=${id + 4} site="${asks(4, 'move', 'other.acquire()')}" reason=task direct`;
    const text = `
      0 0 resourceBegin id=90 site="${asks(3, 'move', 'lock.acquire()')}" name="anna" kind=foreign
      1 0 resourceBegin id=91 site="${asks(3, 'move', 'lock.acquire()')}" name="bert" kind=foreign
      ${task(1, 90, 91)} ${task(2, 91, 90)}`;
    deepEqual(found(`${text}\n${END}`), [
      'error deadlock: move#1 has anna (a.ts:3) and waits for bert at a.ts:4; ' +
        'move#2 has bert (a.ts:3) and waits for anna at a.ts:4: a deadlock. Take them in one order everywhere.',
    ]);
    deepEqual(found(`${text.replace('how=got', 'how=call')}\n${END}`), []);
  });

  it('are none while one of those who have it can go on', () => {
    const another = `
      5 0 activationBegin id=3 parent=1 name="crawl" kind=async-function
      6 0 wait id=3 site="a.ts:7:5 await! crawl | sleep(1)" reason=timer`;
    deepEqual(found(`${REENTRY} ${another}\n${END}`), []);
  });

  it('are not concluded of a program that was killed, of one that just began to wait, nor after a loss', () => {
    deepEqual(found(`${REENTRY} 999 0 processEnd signal=9 how=signal`), []);
    deepEqual(found(REENTRY), []);
    deepEqual(found(`${REENTRY} 2000000004 0 clock wall=1`).length, 1);
    deepEqual(found(`${REENTRY} 5 0 lost count=3 where=ring\n${END}`), []);
  });

  it('are told after a time limit broke the circle, of a task that failed by it', () => {
    const text = `
      0 0 activationBegin id=1 name="order" kind=async-function
      1 0 resourceBegin id=90 creator=1 site="${asks(9, 'order', 'db.transaction(f)')}" name="db" kind=foreign
      2 0 wait id=1 site="${asks(9, 'order', 'db.transaction(f)')}" for=90 reason=future
      3 0 activationBegin id=2 parent=1 name="audit" kind=async-function
      4 0 wait id=2 site="${asks(5, 'audit', 'db.insert(row)')}" for=90 reason=future
      1500000004 0 wake woken=2
      1500000005 0 activationEnd id=2 error="TimeoutError" outcome=error`;
    deepEqual(found(`${text}\n1500000009 0 processEnd how=exit`), [
      'error deadlock: audit waited 1.50 s for db at a.ts:5 within a call of db that order made at a.ts:9, ' +
        'and failed with TimeoutError: a deadlock, until a time limit broke it. ' +
        'What runs inside a call of db must use what the call gave it.',
    ]);
    deepEqual(
      found(
        `${text.replace('error="TimeoutError" outcome=error', 'outcome=ok')}\n1500000009 0 processEnd how=exit`,
      ),
      [],
    );
  });
});
