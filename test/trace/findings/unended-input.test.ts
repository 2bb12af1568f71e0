import { deepEqual } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const S = 1_000_000_000;
const OPEN = 'the child process 41 with an open stdin (15 bytes written)';
/** `sorted` spawns a child at line 4, writes to it, and waits at line 9. */
const waiting = (text: string, awaited = "once(child, 'close')"): string => `
  0 0 processBegin pid=100 argv="/usr/bin/node\\n/home/me/app.mjs"
  0 0 laneBegin name="main" kind=main
  1 0 activationBegin id=1 name="sorted" site="app.mjs:3:1 function sorted" kind=async-function
  2 0 wait id=1 site="app.mjs:9:3 await sorted | ${awaited}" reason=future
  ${2 * S} 0 fact id=1 site="app.mjs:4:3 line sorted" text="${text}" what=keeps-alive
`;
const interrupted = `${5 * S} 0 processEnd signal=2 how=signal`;
const rule = (...text: string[]): string[] =>
  findingsOf(text.join('\n')).filter((line) => line.includes('unended-input'));

describe('a child whose input nobody ended', () => {
  it('is told where the program waits for its end, with the line that made it', () => {
    deepEqual(rule(waiting(OPEN), interrupted), [
      'error unended-input: The child process 41, made at app.mjs:4, has not ended: it was given 15 bytes on its stdin, and no end, ' +
        "and sorted waited at app.mjs:9 for `once(child, 'close')`; nothing else had happened for 5.00 s when SIGINT came. " +
        'Call `stdin.end()` once all is written.',
    ]);
  });

  it('is nothing to tell of where the program waits for an answer of the child', () => {
    deepEqual(rule(waiting(OPEN, 'answerOf(child)'), interrupted), []);
  });

  it('is no child whose stdin was ended or never used', () => {
    deepEqual(rule(waiting('the child process 41'), interrupted), []);
  });
});
