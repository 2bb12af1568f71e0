import { deepEqual } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const begin = `0 0 processBegin pid=100 argv="/usr/bin/node\\n/home/me/a.mjs" language=node
  0 0 laneBegin name="main" kind=main
  1 0 activationBegin id=1 name="pack" site="a.mjs:1:1 function pack" kind=async-function`;
const waiting = `${begin}
  2 0 wait id=1 site="a.mjs:17:1 await pack | once(out, 'close')" reason=future`;
const fact = (
  t: number,
  request = '',
  called = 'called="a.mjs:17:1 await pack | once(out, \'close\')" ',
): string =>
  `${t} 0 fact site="a.mjs:15:3 line" text="ReadStream|Gzip|${request}|Error: a|b" ${called}what=broken-pipe`;
const end = (t: number): string => `${t} 0 processEnd how=exit`;
const found = (...text: string[]): string[] =>
  findingsOf(text.join('\n')).filter((line) => /broken-pipe|never-answered/.test(line));

describe('a stream that stays open since what was piped into it failed', () => {
  it('is told with what failed, and with who waited for its end', () => {
    deepEqual(found(waiting, fact(9e6), end(9e6)), [
      'error broken-pipe: The ReadStream piped at a.mjs:15 failed (Error: a|b), and pipe() ends nothing for an ' +
        "error: the Gzip stayed open, and pack waited at a.mjs:17 for `once(out, 'close')`. Use pipeline(), " +
        'which ends them all and tells the error.',
    ]);
  });

  it('is a warning where nobody is seen to wait', () => {
    const ended = '8000000 0 activationEnd id=1 outcome=ok';
    const [words = '', ...more] = found(begin, ended, fact(9e6, '', ''), end(9e6));
    deepEqual([words.slice(0, 20), more], ['warning broken-pipe:', []]);
  });

  it('stands for the request that was not answered for it', () => {
    const unanswered = '9000000 0 fact site="a.mjs:8:1 line" text="GET /a" what=never-answered';
    const other = unanswered.replace('/a', '/b');
    const lines = found(begin, unanswered, other, fact(9e6, 'GET /a', ''), end(9e6));
    deepEqual(
      lines.map((line) => /^\w+ [\w-]+: .*?(GET \/\w)/.exec(line)?.slice(0, 2).at(1)),
      ['GET /a', 'GET /b'],
    );
  });

  it('is nothing where its target was ended after all, or where the process goes on', () => {
    deepEqual(found(waiting, fact(9e6), end(209e6)), []);
    deepEqual(found(waiting, fact(9e6)), []);
  });
});
