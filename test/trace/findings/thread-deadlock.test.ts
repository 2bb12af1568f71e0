import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const lanes = `
  0 0 laneBegin name="main" kind=main
  0 0 activationBegin id=1 name="a.js" kind=main site="a.js:1:1 line <main>"
  1 1 laneBegin name="worker#2" kind=worker
`;
const sent = '300000000 1 fact site="b.js:7:3 line <anonymous>" what=untaken-message';
const wait = (rest: string): string =>
  `100000000 0 held top=1 duration=900 site="a.js:13:5 line callSync" name="Atomics.wait" unit=ms ${rest}`;
const end = '1000000001 0 activationEnd id=1 outcome=ok';
const words =
  'error deadlock: `callSync` stood in Atomics.wait at a.js:13 for 900 ms, until its timeout: the worker that it waited for sent it a message at b.js:7, which it could not take meanwhile. Atomics.waitAsync lets the loop turn; or let another thread answer the worker.';

describe('a main thread that waits for its worker in Atomics.wait', () => {
  it('is a deadlock where the worker sent it a message, and nothing but the timeout ended it', () => {
    assert.deepEqual(findingsOf(`${lanes} ${sent}\n ${wait('how=call timedOut')}\n ${end}`), [words]);
  });

  it('is none where the worker woke it, or had sent nothing', () => {
    const rules = (text: string): string[] => findingsOf(text).map((finding) => finding.split(' ')[1]!);
    assert.deepEqual(rules(`${lanes} ${sent}\n ${wait('how=call')}\n ${end}`), ['blocked-event-loop:']);
    assert.deepEqual(rules(`${lanes} ${wait('how=call timedOut')}\n ${end}`), ['blocked-event-loop:']);
    const later = sent.replace('300000000', '1000000000');
    assert.deepEqual(
      rules(`${lanes} ${wait('how=call timedOut')}\n ${later.replace('1000000000', '1000000001')}\n ${end}`),
      ['blocked-event-loop:'],
    );
  });

  it('is one while it goes on', () => {
    const [finding] = findingsOf(`${lanes} ${sent}\n ${wait('how=sampled')}`);
    assert.match(
      finding!,
      /^error deadlock: `callSync` stood in Atomics\.wait at a\.js:13 for 900 ms and did not come back: /,
    );
  });

  it('is none in a worker, which may wait like that', () => {
    assert.deepEqual(
      findingsOf(
        `${lanes} ${sent}\n ${wait('how=call timedOut').replace(' 0 held top=1', ' 1 held')}`,
      ).filter((finding) => finding.includes('deadlock')),
      [],
    );
  });
});
