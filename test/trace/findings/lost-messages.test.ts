import { deepEqual } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const rule = (...text: string[]): string[] =>
  findingsOf(text.join('\n')).filter((line) => line.includes('cut-off'));
const begin = `
  0 0 processBegin pid=100 argv="/usr/bin/node\\n/home/me/app.mjs" language=node
  0 0 laneBegin name="main" kind=main
  0 0 activationBegin id=1 name="main" site="app.mjs:1:1 function main" kind=async-function
  1000 0 resourceBegin creator=1 id=2 site="app.mjs:2:1 line main" name="worker#2" kind=worker
  1100 0 link id=1 token=100 tokenHigh=2 resource=2 way=send kind=spawn
  1200 1 laneBegin name="worker#2" kind=worker
  1300 1 link token=100 tokenHigh=2 way=receive kind=spawn
`;
const send = (n: number): string => `
  ${2000 + n} 0 link id=1 token=4 tokenHigh=100 resource=2 attempt=${n} way=send kind=message
  ${2000 + n} 0 use by=1 resource=2 site="app.mjs:5:3 line main" how=call`;
const read = (n: number): string =>
  `${3000 + n} 1 link token=4 tokenHigh=100 attempt=${n} way=receive kind=message`;
const over = '9000 0 activationEnd id=1 outcome=ok\n9000 0 processEnd how=exit';

describe('messages of a thread that was ended', () => {
  it('are lost where they were not read, and the line that ended it is told', () => {
    const ended = '5000 1 laneEnd by=1 exitCode=1 site="app.mjs:7:3 line main" how=terminated';
    deepEqual(rule(begin, send(1), send(2), send(3), read(1), ended, over), [
      'warning cut-off: `terminate()` at app.mjs:7 ended worker#2 while 2 of the 3 messages that main had ' +
        'sent it (app.mjs:5) have not been read: all of that is lost. Ask it to finish, and wait for its ' +
        'answer or its `exit`.',
    ]);
  });

  it('are none where all were read, or where no line of the program ended it', () => {
    const ended = '5000 1 laneEnd by=1 exitCode=1 site="app.mjs:7:3 line main" how=terminated';
    deepEqual(rule(begin, send(1), send(2), read(1), read(2), ended, over), []);
    deepEqual(rule(begin, send(1), send(2), '5000 1 laneEnd how=terminated', over), []);
  });

  it('are information where one alone was left: it may have been the word to stop', () => {
    const ended = '5000 1 laneEnd by=1 exitCode=1 site="app.mjs:7:3 line main" how=terminated';
    deepEqual(
      rule(begin, send(1), send(2), read(1), ended, over).map((line) => line.split(' ')[0]),
      ['info'],
    );
  });
});
