import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const parent = (fact: boolean, untilNs = 3e9): string => `
  0 0 processBegin pid=7 language=python method=program
  0 0 activationBegin id=1 name="main" kind=main
  1 0 resourceBegin creator=1 id=2 name="receiver" kind=stream site="a.py:9:5 call main"
  ${fact ? '2 0 fact id=1 site="a.py:4:9 call store" text="sender" called="a.py:9:5 call main" what=own-end-open' : ''}
  3 0 wait id=1 site="a.py:4:9 call store" for=2 reason=io
  ${untilNs} 0 fact id=1 what=interrupted
  ${untilNs + 1} 0 processEnd signal=2 how=signal
`;
const child = (endNs: number): string => `
  4 0 processBegin pid=8 parentPid=7 language=python method=fork
  ${endNs} 0 processEnd how=fork-exit
`;
const found = (...parts: string[]): string[] =>
  findingsOf(...parts).filter((line) => line.includes('unended-input'));

describe('a process that reads a pipe to its end, and has the other end itself', () => {
  it('is found where nobody else is left to send', () => {
    assert.deepEqual(found(parent(true), child(1e9)), [
      'error unended-input: main has waited for 3.00 s at a.py:4 for more from stream receiver, and gets ' +
        'no end of it: the same process has the other end, sender, open itself and sends nothing (made at a.py:9); ' +
        'nobody else is left to send. Close `sender` in this process once the other one has been started.',
    ]);
  });

  it('is none while another lives, where the end is not its own, or where it has waited shortly', () => {
    assert.deepEqual(found(parent(true), child(3e9)), []);
    assert.deepEqual(found(parent(false), child(1e9)), []);
    assert.deepEqual(found(parent(true, 0.9e9), child(10)), []);
  });
});
