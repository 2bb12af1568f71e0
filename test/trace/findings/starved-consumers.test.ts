import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

/** main waits for a consumer; a producer puts one item, and ends. */
const orders = `
  0 0 resourceBegin id=9 name="orders" kind=queue site="a.ts:1:9 call"
  1 0 activationBegin id=1 name="main" kind=main
  2 0 activationBegin id=2 parent=1 name="producer" kind=coroutine ready
  3 0 activationBegin id=3 parent=1 name="consumer" kind=coroutine ready
  4 0 wait id=1 reason=task for=3
  5 0 run id=3
  6 0 wait id=3 site="a.ts:7:5 yield consumer | orders.get()" reason=queue-get for=9
  7 0 run id=2
  8 0 put by=2 resource=9 depth=1 serial=1
  9 0 get by=3 resource=9 serial=1
  10 0 wake woken=3 waker=2 resource=9
`;
const ends = '11 0 activationEnd id=2 outcome=ok';
const waitsAgain = `
  12 0 run id=3 waker=known waker=2
  13 0 wait id=3 site="a.ts:7:5 yield consumer | orders.get()" reason=queue-get for=9
`;

describe('consumers of a queue that nobody is left to put into', () => {
  it('are found at the end of the program, with the task that put last', () => {
    assert.deepEqual(findingsOf(`${orders}${ends}${waitsAgain} 20 0 processEnd how=exit`), [
      'warning starved-consumers: consumer was still waiting at a.ts:7 for an item of queue orders when the program ended: ' +
        'all tasks that put into it have ended (the last was producer), and nobody closed it.',
    ]);
  });

  it('are found while the program goes on, when all that lives waits for them', () => {
    const live = `${orders}${ends}${waitsAgain}`;
    assert.deepEqual(findingsOf(`${live} 900000000 0 clock wall=1`), [], 'not yet a second');
    assert.deepEqual(findingsOf(`${live} 1200000000 0 clock wall=1`), [
      'warning starved-consumers: consumer has been waiting for 1.20 s at a.ts:7 for an item of queue orders: ' +
        'all tasks that put into it have ended (the last was producer), and nobody closed it.',
    ]);
  });

  it('are not found while a producer lives, another may begin, or the queue is closed', () => {
    const later = '1200000000 0 clock wall=1';
    const producerWaits = '11 0 wait id=2 reason=timer';
    assert.deepEqual(findingsOf(`${orders}${producerWaits}${waitsAgain}${later}`), []);
    const another = '14 0 activationBegin id=4 name="other" kind=coroutine\n 15 0 wait id=4 reason=io\n';
    assert.deepEqual(findingsOf(`${orders}${ends}${waitsAgain}${another}${later}`), []);
    assert.deepEqual(findingsOf(`${orders}${ends}${waitsAgain} 14 0 resourceEnd id=9\n ${later}`), []);
  });

  it('are not found in a server, whose next request may put', () => {
    const server = orders.replace(
      'parent=1 name="producer" kind=coroutine',
      'name="producer" kind=io-callback',
    );
    assert.deepEqual(findingsOf(`${server}${ends}${waitsAgain} 1200000000 0 clock wall=1`), []);
  });

  it('are found where nobody ever put, and where the producer waits as well', () => {
    const never = `
      0 0 resourceBegin id=9 name="orders" kind=queue
      1 0 activationBegin id=3 name="consumer" kind=coroutine
      2 0 wait id=3 site="a.ts:7:5 yield consumer | orders.get()" reason=queue-get for=9
      3 0 activationBegin id=4 name="consumer" kind=coroutine
      4 0 wait id=4 site="a.ts:7:5 yield consumer | orders.get()" reason=queue-get for=9
      9 0 processEnd how=exit
    `;
    assert.deepEqual(findingsOf(never), [
      'warning starved-consumers: 2 tasks (consumer#1 and consumer#2) were still waiting at a.ts:7 for an item of queue orders when the program ended: ' +
        'nobody had ever put anything into it.',
    ]);
    const [first] = findingsOf(
      `${orders} 11 0 wait id=2 reason=lock\n ${waitsAgain} 20 0 processEnd how=exit`,
    );
    assert.match(first!, /when the program ended: producer, which puts into it, was itself waiting\.$/);
  });
});
