import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

/**
 * `writer` takes the lock and waits for I/O with it until `freeMs`. `reader` waits for the lock
 * from ms 10 on.
 */
const contention = (freeMs: number): string => `
  0 0 resourceBegin id=9 name="db" kind=lock capacity=1 bounded site="a.ts:1:9 call"
  1 0 activationBegin id=1 name="writer" kind=coroutine
  2 0 acquire by=1 resource=9 holder=1
  3 0 wait id=1 site="a.ts:4:5 yield writer | save()" reason=io
  10000000 0 activationBegin id=2 name="reader" kind=coroutine
  10000001 0 wait id=2 site="a.ts:8:5 yield reader | db.acquire()" reason=lock for=9
  ${freeMs}000000 0 run id=1
  ${freeMs}000001 0 release by=1 resource=9 left=1
  ${freeMs}000002 0 acquire by=2 resource=9 holder=2
  ${freeMs}000003 0 wake woken=2 waker=1 resource=9
  ${freeMs}000004 0 activationEnd id=1 outcome=ok
  ${freeMs}000005 0 run id=2 waker=1 resource=9
  ${freeMs}000006 0 release by=2 resource=9 left=1
  ${freeMs}000007 0 activationEnd id=2 outcome=ok
`;

describe('a lock that tasks wait for', () => {
  it('is found with its holder, and with what the holder waited for meanwhile', () => {
    assert.deepEqual(findingsOf(contention(310)), [
      'warning lock-contention: 1 wait for lock db took 300 ms in all. ' +
        'writer held it for > 99 % of that, and waited 310 ms itself while it had it, at a.ts:4 for I/O.',
    ]);
  });

  it('is not found when the waits are short, or few for so long a time', () => {
    assert.deepEqual(findingsOf(contention(90)), []);
    assert.deepEqual(findingsOf(`${contention(310)} 9000000000 0 clock wall=1`), []);
  });

  it('names what the holder waited for while it held the lock, and the longest wait', () => {
    const text = `${contention(310)}
      310000008 0 activationBegin id=3 name="writer" kind=coroutine
      310000009 0 acquire by=3 resource=9 holder=3
      310000010 0 activationBegin id=4 name="reader" kind=coroutine
      310000011 0 wait id=4 site="a.ts:8:5 yield reader | db.acquire()" reason=lock for=9
      310000012 0 wait id=3 site="a.ts:4:5 yield writer | save()" reason=io
      710000012 0 run id=3
      710000013 0 release by=3 resource=9 left=1
    `;
    assert.deepEqual(findingsOf(text), [
      'warning lock-contention: 2 waits for lock db took 700 ms in all, the longest 300 ms (reader#1 at a.ts:8); ' +
        '1 task was still waiting. writer#2 held it for 57 % of that, and waited 400 ms itself while it had it, at a.ts:4 for I/O.',
    ]);
  });

  it('names what all of many holders waited for, where none had it for long', () => {
    /** Four tasks ask at once; each waits 100 ms for I/O while it has the lock. */
    const lines = ['0 0 resourceBegin id=9 name="cache" kind=lock capacity=1 bounded site="a.ts:1:9 call"'];
    for (let id = 1; id <= 4; id++) {
      lines.push(`${id} 0 activationBegin id=${id} name="get" kind=coroutine`);
      if (id > 1)
        lines.push(`${id} 0 wait id=${id} site="a.ts:8:5 yield get | cache.acquire()" reason=lock for=9`);
      else
        lines.push(
          '1 0 acquire by=1 resource=9 holder=1',
          '1 0 wait id=1 site="a.ts:9:5 yield get | fetch()" reason=io',
        );
    }
    for (let id = 1; id <= 4; id++) {
      const t = `${id}00000000`;
      lines.push(`${t} 0 run id=${id}`, `${t} 0 release by=${id} resource=9 left=1`);
      if (id < 4)
        lines.push(
          `${t} 0 acquire by=${id + 1} resource=9 holder=${id + 1}`,
          `${t} 0 wake woken=${id + 1} waker=${id} resource=9`,
        );
      lines.push(`${t} 0 activationEnd id=${id} outcome=ok`);
      if (id < 4)
        lines.push(
          `${t} 0 run id=${id + 1} waker=${id} resource=9`,
          `${t} 0 wait id=${id + 1} site="a.ts:9:5 yield get | fetch()" reason=io`,
        );
    }
    assert.deepEqual(findingsOf(lines.join('\n')), [
      'warning lock-contention: 3 waits for lock cache took 600 ms in all, the longest 300 ms (get#4 at a.ts:8). ' +
        'Whoever had it waited meanwhile for I/O at a.ts:9, 300 ms of 300 ms: that can be done before the lock is taken, or after it is given back.',
    ]);
  });

  it('counts a wait that goes on', () => {
    const open = contention(310).split('\n').slice(0, 7).join('\n');
    assert.deepEqual(findingsOf(`${open}\n 510000001 0 clock wall=1`), [
      'warning lock-contention: 1 wait for lock db took 500 ms in all; 1 task was still waiting. writer held it for 100 % of that.',
    ]);
  });

  it('is found when its own holder waits for it, and not when it was free and the task has only to come back', () => {
    const itself = `
      0 0 resourceBegin id=9 name="db" kind=lock capacity=1 bounded
      1 0 activationBegin id=1 name="main" kind=coroutine
      2 0 acquire by=1 resource=9 holder=1
      3 0 wait id=1 site="a.ts:4:5 yield main | db.acquire()" reason=lock for=9
    `;
    const forEver =
      'error lock-contention: main waits at a.ts:4 for lock db, which it holds itself: it waits for ever.';
    assert.deepEqual(findingsOf(itself), []);
    assert.equal(findingsOf(`${itself} 1200000000 0 clock wall=1`)[0], forEver);
    assert.equal(findingsOf(`${itself} 4 0 processEnd how=exit`)[0], forEver);
    const busy = '4 0 activationBegin id=2 name="other" kind=async-function';
    const found = findingsOf(`${itself} ${busy}\n 1200000000 0 clock wall=1`);
    assert.deepEqual(
      found.filter((words) => /\block\b/.test(words)),
      [],
    );
  });

  it('counts the wait of a frame once, as the wait of its caller', () => {
    assert.deepEqual(
      findingsOf(`
        0 0 resourceBegin id=9 name="db" kind=lock capacity=1 bounded
        1 0 activationBegin id=1 name="writer" kind=coroutine
        2 0 acquire by=1 resource=9 holder=1
        3 0 wait id=1 reason=io
        4 0 activationBegin id=2 name="main" kind=async-function
        5 0 activationBegin id=3 parent=2 name="load" kind=async-function
        6 0 wait id=3 site="a.ts:8:5 await load | db.acquire()" reason=lock for=9
        7 0 wait id=2 for=3 reason=task direct
        200000007 0 clock wall=1
      `),
      [
        'warning lock-contention: 1 wait for lock db took 200 ms in all; 1 task was still waiting. writer held it for 100 % of that.',
      ],
    );
  });
});
