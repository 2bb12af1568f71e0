import { deepEqual, match } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const S = 1_000_000_000;
const UNREAD = 'the child process 41 with a full stdout (66 kB) that nobody reads';
/** `convert` spawns a child at line 4, and waits at line 5 for its end. */
const waiting = (text: string): string => `
  0 0 processBegin pid=100 argv="/usr/bin/node\\n/home/me/app.mjs"
  0 0 laneBegin name="main" kind=main
  1 0 activationBegin id=1 name="convert" site="app.mjs:3:1 function convert" kind=async-function
  2 0 wait id=1 site="app.mjs:5:3 await convert | once(child, 'exit')" reason=future
  ${2 * S} 0 fact id=1 site="app.mjs:4:3 line convert" text="${text}" what=keeps-alive
`;
const unread = (text: string): string[] => findingsOf(text).filter((line) => line.includes('unread-pipe'));

describe('a child whose output nobody reads', () => {
  it('is told where somebody interrupted the program, with the line that made it and who waits', () => {
    deepEqual(unread(`${waiting(UNREAD)}\n${5 * S} 0 processEnd signal=2 how=signal`), [
      'error unread-pipe: The child process 41, made at app.mjs:4, can write no more: nobody reads its stdout (66 kB), ' +
        "and convert waited at app.mjs:5 for `once(child, 'exit')`; nothing else had happened for 5.00 s when SIGINT came. " +
        "Read it, or give the child `stdio: 'ignore'` or `'inherit'`.",
    ]);
  });

  it('is a warning while the program goes on', () => {
    match(
      unread(`${waiting(UNREAD)}\n${5 * S} 0 fact what=unclosed`)[0]!,
      /^warning unread-pipe: .* and convert waits at app\.mjs:5 .* nothing else has happened for 5\.00 s\./,
    );
  });

  it('is nothing to tell of where the program ended by itself, or goes on with something', () => {
    deepEqual(unread(`${waiting(UNREAD)}\n${5 * S} 0 processEnd how=exit`), []);
    const goesOn = `${4.9 * S} 0 activationBegin id=2 name="f" kind=async-function\n${4.9 * S} 0 activationEnd id=2`;
    deepEqual(unread(`${waiting(UNREAD)}\n${goesOn}\n${5 * S} 0 processEnd signal=2 how=signal`), []);
  });

  it('is no child that is only there', () => {
    deepEqual(unread(`${waiting('the child process 41')}\n${5 * S} 0 processEnd signal=2 how=signal`), []);
  });
});
