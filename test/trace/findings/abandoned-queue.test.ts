import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

/** A belt takes one parcel and fails with the next; main has no room for a third. */
const begin = `
  0 0 resourceBegin id=9 name="parcels" kind=queue site="a.ts:1:9 call" capacity=1 bounded
  1 0 activationBegin id=1 name="main" kind=main
  2 0 activationBegin id=2 parent=1 name="belt" kind=coroutine ready
  3 0 put by=1 resource=9 depth=1 serial=1
  4 0 run id=2
  5 0 get by=2 resource=9 serial=1
`;
const fails = '6 0 activationEnd id=2 error="Error: too heavy" site="a.ts:4:3 line belt" outcome=error\n';
const ends = '6 0 activationEnd id=2 outcome=ok\n';
const waits = `
  7 0 put by=1 resource=9 depth=1 serial=2
  8 0 wait id=1 site="a.ts:8:5 yield main | parcels.put()" reason=queue-put for=9
`;
const later = '1200000000 0 clock wall=1';
const found = (text: string): string[] => findingsOf(text).filter((line) => line.includes('abandoned-queue'));

describe('a queue from which the one that took has failed', () => {
  it('is found where somebody waits for room in it and nothing else happens', () => {
    assert.deepEqual(found(begin + fails + waits + later), [
      'error abandoned-queue: belt, which took from queue parcels, failed with Error: too heavy at a.ts:4, ' +
        'and nobody else takes from it: main waits at a.ts:8 for room in it; nothing else has happened for 1.20 s.',
    ]);
    assert.deepEqual(found(`${begin + fails + waits} 900000000 0 clock wall=1`), [], 'not yet a second');
  });

  it('is none where it ended well, another takes, or somebody may begin to', () => {
    assert.deepEqual(found(begin + ends + waits + later), []);
    const another = `
      6 0 activationBegin id=3 parent=1 name="other" kind=coroutine ready
      6 0 run id=3
      6 0 get by=3 resource=9 serial=1
      7 0 wait id=3 reason=timer
    `;
    assert.deepEqual(found(begin + fails + another + waits + later), []);
    const goesOn = '600000000 0 activationBegin id=4 parent=1 name="restart" kind=coroutine ready\n';
    assert.deepEqual(found(begin + fails + waits + goesOn + later), []);
  });

  it('is found by who waits for an item, too, but not at the end of the program', () => {
    const get = `
      0 0 resourceBegin id=9 name="rows" kind=queue site="a.ts:1:9 call"
      1 0 activationBegin id=1 name="main" kind=main
      2 0 activationBegin id=2 parent=1 name="read" kind=coroutine ready
      3 0 run id=2
      4 0 put by=2 resource=9 depth=1 serial=1
      5 0 activationEnd id=2 error="Error: gone" outcome=error
      6 0 get by=1 resource=9 serial=1
      7 0 wait id=1 site="a.ts:8:5 yield main | rows.get()" reason=queue-get for=9
    `;
    assert.deepEqual(found(get + later), [
      'error abandoned-queue: read, which put into queue rows, failed with Error: gone, and nobody else puts into it: ' +
        'main waits at a.ts:8 for an item of it; nothing else has happened for 1.20 s.',
    ]);
    assert.deepEqual(found(`${get} 20 0 processEnd how=exit`), []);
  });
});
