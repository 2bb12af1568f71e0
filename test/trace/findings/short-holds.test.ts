import { deepEqual, match } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const BEGIN = `
0 0 processBegin pid=7 argv="python3 a.py" version="3.12.1" language=python method=program
1 0 laneBegin osThread=7 name="main" kind=main gil
2 0 activationBegin id=1 name="a.py" kind=main
3 0 wait id=1 site="a.py:20:1 call <module>" reason=task
`;
const of = (...records: string[]): string[] =>
  findingsOf([BEGIN, ...records, '3000000000 0 processEnd how=exit'].join('\n')).filter((line) =>
    line.includes('blocked-event-loop: '),
  );
/** A task that makes one call. */
const task = (id: number, at: number, ms = 20): string => `
${at} 0 activationBegin id=${id} parent=1 site="a.py:3:1 function work" name="work" kind=asyncio-task ready
${at + 1} 0 run id=${id}
${at + 2} 0 held top=${id} duration=${ms * 1000} site="a.py:5:9 call work" name="ssl.create_default_context" unit=us how=call
${at + ms * 1_000_000 + 1} 0 activationEnd id=${id} outcome=ok`;
const tasks = (count: number, everyMs: number): string =>
  Array.from({ length: count }, (_, n) => task(n + 2, 1_000_000 + n * everyMs * 1_000_000)).join('');

describe('short calls that hold an event loop together', () => {
  it('are told as one, with how to do it once', () => {
    deepEqual(of(tasks(10, 21)), [
      'warning blocked-event-loop: `work` held the thread 10 times, for 200 ms in all, in ssl.create_default_context at ' +
        'a.py:5, one right after the other. Make the client, or its SSL context, once and use it for all: that reads all ' +
        'certificates.',
    ]);
  });

  it('are none where the loop has its turns in between, or where there are few', () => {
    deepEqual(of(tasks(10, 60)), []);
    deepEqual(of(tasks(3, 21)), []);
  });
});

describe('an SSL context that is made once', () => {
  it('is information, however long that takes', () => {
    const [line = ''] = of(task(2, 1_000_000, 200), task(3, 300_000_000, 1));
    match(
      line,
      /^info .*in ssl\.create_default_context at a\.py:5.*`asyncio\.to_thread` leaves the event loop free\.$/,
    );
  });
});
