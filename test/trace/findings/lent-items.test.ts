import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

/** Two connections; the first report puts its own back, the second has taken one. */
const begin = `
  0 0 processBegin pid=7 language=python method=program
  0 0 resourceBegin id=9 name="free" kind=queue site="a.py:1:9 call"
  1 0 activationBegin id=1 name="main" kind=asyncio-task
  1 0 put by=1 resource=9 depth=1
  1 0 put by=1 resource=9 depth=2
  2 0 activationBegin id=2 parent=1 name="report" kind=asyncio-task ready
  2 0 activationBegin id=3 parent=1 name="report" kind=asyncio-task ready
  2 0 wait id=1 reason=task for=2
`;
const takes = (id: number, t: number): string => `
  ${t} 0 run id=${id}
  ${t} 0 get by=${id} resource=9
  ${t} 0 use by=${id} resource=9 site="a.py:3:5 call report" how=got
`;
const comesBack = `${takes(2, 3)}
  4 0 put by=2 resource=9 depth=1
  4 0 activationEnd id=2 outcome=ok
`;
const fails = `${takes(3, 5)}
  6 0 activationEnd id=3 error="LookupError: gone" site="a.py:4:3 line fetch" outcome=error
`;
const another = `
  6 0 activationBegin id=4 parent=1 name="report" kind=asyncio-task ready
  6 0 activationBegin id=5 parent=1 name="report" kind=asyncio-task ready
`;
const waits = (id: number, t: number): string => `
  ${t} 0 run id=${id}
  ${t} 0 wait id=${id} site="a.py:3:5 await! report | free.get()" reason=queue-get for=9
`;
const later = '1200000000 0 clock wall=1';
const found = (text: string): string[] => findingsOf(text).filter((line) => line.includes('queue free'));
const lastIsTaken = `${takes(4, 7)}
  8 0 activationEnd id=4 outcome=error
${waits(5, 9)}`;

describe('a queue used as a pool', () => {
  it('is found where who took an item failed without putting it back, and another waits', () => {
    assert.deepEqual(found(begin + comesBack + fails + another + lastIsTaken + later), [
      'error not-released: report#2 took an item of queue free at a.py:3 and failed with LookupError: gone at a.py:4 ' +
        'without putting it back, as 1 other did: report#4 waits for one at a.py:3; ' +
        'nothing else has happened for 1.20 s. Put it back in a `finally`.',
    ]);
    assert.deepEqual(
      found(`${begin + comesBack + fails + another + lastIsTaken} 900000000 0 clock wall=1`),
      [],
    );
  });

  it('is none where one that lives has an item, where none came back, or where one took two', () => {
    const lives = `${takes(4, 7)}
      8 0 wait id=4 reason=future
    ${waits(5, 9)}`;
    assert.deepEqual(found(begin + comesBack + fails + another + lives + later), []);
    const noneBack = comesBack.replace(/.* put by=2 .*\n/, '');
    assert.ok(
      !found(begin + noneBack + fails + another + waits(5, 9) + later)
        .join()
        .includes('not-released'),
    );
    const two = fails.replace(/(.* get .*\n)/, '$1$1');
    assert.ok(
      !found(begin + comesBack + two + another + waits(5, 9) + later)
        .join()
        .includes('not-released'),
    );
  });

  it('is none where most items are used up, and some are put in again', () => {
    const usesUp = `${takes(4, 7)}
      8 0 activationEnd id=4 outcome=ok
    ${waits(5, 9)}`;
    const endsWell = fails.replace(/error=.*outcome=error/, 'outcome=ok');
    assert.ok(
      !found(begin + comesBack + endsWell + another + usesUp + later)
        .join()
        .includes('not-released'),
    );
  });
});
