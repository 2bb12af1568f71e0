import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const BEGIN = `
0 0 processBegin pid=7 argv="python3 a.py" version="3.12.1" language=python method=program
1 0 activationBegin id=1 name="a.py" kind=main
2 0 resourceBegin creator=1 id=2 site="a.py:6:1 call <module>" name="walkers" capacity=2 kind=pool bounded
3 0 activationBegin id=3 parent=1 site="a.py:9:1 function size" name="size" of=2 kind=chunk ready
4 1 run id=3
5 1 activationBegin id=4 parent=3 site="a.py:9:1 function size" name="size" of=2 kind=chunk ready
6 2 run id=4
7 2 activationBegin id=5 parent=4 site="a.py:9:1 function size" name="size" of=2 kind=chunk ready
`;
const INNER = '8 2 wait id=4 site="a.py:12:5 call size" for=5 reason=task\n';
const OUTER = '9 1 wait id=3 site="a.py:12:5 call size" for=4 reason=task\n';
const LATER = '1500000000 0 agent text="x" count=1 news=seen\n';
const found = (records: string): string[] =>
  findingsOf(BEGIN + records + LATER).filter((line) => line.includes(' deadlock'));

describe('calls of a pool that wait for calls of the same pool', () => {
  it('are a deadlock when no thread is left', () => {
    assert.deepEqual(found(INNER + OUTER), [
      'error deadlock: size#2 has a thread of pool walkers and waits at a.py:12 for size#3, which waits for a thread of the same pool; all 2 threads of it wait like that: a deadlock. Let no call wait for another of its own pool.',
    ]);
  });

  it('are none while one of its threads is at work, or another is free', () => {
    assert.deepEqual(found(INNER), []);
    assert.deepEqual(found(OUTER), []);
  });
});

describe('what was found before Ctrl-C', () => {
  const interrupted = `1400000000 0 fact what=interrupted
1400000001 1 run id=3
1400000002 1 activationEnd id=3 outcome=error
`;
  it('is what is said of a process that ended by it', () => {
    const end = '1400000003 0 processEnd signal=2 how=signal\n';
    const lines = findingsOf(BEGIN + INNER + OUTER + interrupted + end);
    assert.match(lines[0]!, /^error deadlock: size#2 /);
  });

  it('is not said of one that went on', () => {
    assert.deepEqual(found(INNER + OUTER + interrupted), []);
  });
});
