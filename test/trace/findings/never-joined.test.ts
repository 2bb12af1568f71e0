import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const begun = `
  0 0 processBegin pid=100
  1 0 activationBegin id=1 name="main" kind=main
  2 0 resourceBegin creator=1 id=9 name="hash" kind=thread site="a.ts:3:9 call"
  3 0 link id=1 token=7 tokenHigh=100 resource=9 way=send kind=spawn
  4 1 activationBegin id=2 name="hash" kind=thread of=9
`;
const done = '5 1 activationEnd id=2 outcome=ok\n 6 0 put resource=9 depth=1\n 6 0 resourceEnd id=9\n';
const failed = done.replace('outcome=ok', 'outcome=error');
const ends = `
  8 0 activationEnd id=1 outcome=ok
  9 0 processEnd how=exit
`;

describe('a thread that nobody joined', () => {
  it('is found at the end of the program, as an error when it failed', () => {
    assert.deepEqual(findingsOf(begun + done), [], 'somebody still may');
    assert.deepEqual(findingsOf(begun + done + ends), [
      'warning never-joined: Nobody joined thread hash, which main began at a.ts:3: nobody checked whether it succeeded.',
    ]);
    assert.deepEqual(findingsOf(begun + failed + ends), [
      'error never-joined: Nobody joined thread hash, which main began at a.ts:3: it failed, and nobody saw its error.',
    ]);
    assert.deepEqual(findingsOf(begun + ends), [
      'warning never-joined: Nobody joined thread hash, which main began at a.ts:3: it had not ended when the program did.',
    ]);
  });

  it('is not found when a task waits for its end, or asks for it later', () => {
    const waits = '4 0 wait id=1 reason=join for=9\n';
    const goesOn = '7 0 run id=1 resource=9\n';
    assert.deepEqual(findingsOf(begun + waits + done + goesOn + ends), []);
    assert.deepEqual(findingsOf(`${begun}${done}7 0 get by=1 resource=9\n${ends}`), []);
  });
});

describe('a process of Python that nobody joined', () => {
  const parent = `
    0 0 processBegin pid=100 language=python method=program
    1 0 activationBegin id=1 name="main" kind=main
    2 0 resourceBegin creator=1 id=9 name="parser" kind=process site="a.py:3:9 call"
    3 0 link id=1 token=101 resource=9 attempt=1 way=send kind=spawn
  ${ends}`;
  const child = (end: string): string =>
    `4 0 processBegin pid=101 parentPid=100 language=python method=fork\n${end}`;

  it('is told as not ended only where it had not', () => {
    assert.deepEqual(findingsOf(parent, child('6 0 processEnd how=fork-exit')), []);
    assert.deepEqual(findingsOf(parent, child('12 0 processEnd how=fork-exit')), [
      'info never-joined: Nobody joined process parser, which main began at a.py:3: it had not ended when the program did.',
    ]);
  });
});
