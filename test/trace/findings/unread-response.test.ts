import { deepEqual, match } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const S = 1_000_000_000;
/** `price` asks the pool at line 8 and returns at line 9; its caller asks once more, and waits. */
const begin = (capacity = 1): string =>
  `
  0 0 processBegin pid=100 argv="/usr/bin/node\\n/home/me/app.mjs"
  0 0 laneBegin name="main" kind=main
  0 0 resourceBegin id=80 name="pool" kind=foreign
  0 0 activationBegin id=1 name="total" kind=async-function
  1 0 activationBegin id=2 parent=1 name="price" kind=async-function
  2 0 wait id=2 site="app.mjs:8:20 await! price | pool.request(path)" for=80 reason=future
  3 0 wait id=1 site="app.mjs:14:20 await! total | price(id)" for=2 reason=task
  9 0 run id=2 waker=external
  10 0 activationEnd id=2 site="app.mjs:9:5 return price" outcome=ok
  11 0 run id=1 waker=2
  12 0 activationBegin id=3 parent=1 name="price" kind=async-function
  13 0 wait id=3 site="app.mjs:8:20 await! price | pool.request(path)" for=80 reason=future
  14 0 wait id=1 site="app.mjs:14:20 await! total | price(id)" for=3 reason=task
  ${S} 0 resourceBegin id=90 name="the connections to 127.0.0.1:80" capacity=${capacity} kind=connections bounded
`;
const unread = `${S} 0 use by=2 resource=90 site="app.mjs:8:20 line price" how=unread`;
const interrupted = `${4 * S} 0 processEnd signal=2 how=signal`;
const rule = (...text: string[]): string[] =>
  findingsOf(text.join('\n')).filter((line) => line.includes('unread-response'));

describe('an answer that nobody reads', () => {
  it('is told where another request waits for its connection', () => {
    deepEqual(rule(begin(), unread, interrupted), [
      'error unread-response: price#2 waited at app.mjs:8 for a free connection of pool: ' +
        '1 answer whose body nobody read to the end keeps the only one, asked for at app.mjs:8 by price, which ended at ' +
        'app.mjs:9. Read each body or drop it: `body.dump()`, `response.resume()`, `response.body.cancel()`.',
    ]);
  });

  it('is told where the server closed the connection after some seconds, and another answer has the next', () => {
    const closed = [
      unread,
      `${6 * S} 0 use by=2 resource=90 site="app.mjs:8:20 line price" how=gave-back`,
      `${6 * S} 0 run id=3 waker=external`,
      `${6 * S} 0 activationEnd id=3 site="app.mjs:9:5 return price" outcome=ok`,
    ];
    const told =
      'price#2 waited at app.mjs:8 for 6.00 s for a free connection of pool: 1 answer whose body nobody read meanwhile ' +
      'kept the only one, asked for at app.mjs:8 by price, which ended at app.mjs:9. ' +
      'Read each body or drop it: `body.dump()`, `response.resume()`, `response.body.cancel()`.';
    deepEqual(rule(begin(), ...closed), [`warning unread-response: ${told}`]);
    const next = [
      `${6 * S} 0 activationBegin id=4 parent=1 name="price" kind=async-function`,
      `${6 * S} 0 wait id=4 site="app.mjs:8:20 await! price | pool.request(path)" for=80 reason=future`,
      `${9 * S} 0 processEnd signal=2 how=signal`,
    ];
    deepEqual(rule(begin(), ...closed, ...next), [`error unread-response: ${told}`]);
  });

  it('is a warning while the program goes on, and an error where it came to its end', () => {
    match(
      rule(begin(), unread, `${4 * S} 0 fact what=unclosed`).join(),
      /^warning unread-response: price#2 waits at/,
    );
    match(rule(begin(), unread, `${4 * S} 0 processEnd exitCode=13 how=exit`).join(), /^error /);
  });

  it('is nothing to tell of where a connection is free, will be, or was given back', () => {
    deepEqual(rule(begin(2), unread, interrupted), []);
    const other = `${S} 0 use resource=90 how=holds`;
    deepEqual(rule(begin(), unread, other, interrupted), []);
    deepEqual(rule(begin(), unread, unread.replace('unread', 'gave-back'), interrupted), []);
  });

  it('is nothing to tell of where nobody waits, or who waits has a connection and no answer', () => {
    const goesOn = `${2 * S} 0 run id=3 waker=external\n${2 * S} 0 activationEnd id=3\n${2 * S} 0 run id=1 waker=3\n${2 * S} 0 activationEnd id=1`;
    deepEqual(rule(begin(), unread, goesOn, interrupted), []);
    const sent = `${S} 0 use by=3 resource=90 site="app.mjs:8:20 line price" how=holds`;
    deepEqual(rule(begin(), unread, sent, interrupted), []);
  });

  it('is nothing to tell of where who asked for it goes on, and may read', () => {
    const reader = `
      ${S} 0 activationBegin id=5 name="events" kind=async-function
      ${S} 0 wait id=5 site="app.mjs:30:9 for-await events | body" reason=future
      ${S} 0 use by=5 resource=90 site="app.mjs:8:20 line events" how=unread`;
    deepEqual(rule(begin(), reader, interrupted), []);
  });
});
