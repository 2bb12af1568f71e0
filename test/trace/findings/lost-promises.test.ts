import { deepEqual } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const MADE = 'a.ts:3:10 call lookup | ';
const begin = (id: number, name: string, parent = ''): string =>
  `0 0 activationBegin id=${id} ${parent} name="${name}" kind=async-function site="a.ts:20:1 function ${name} | "`;
const wait = (t: number, id: number): string =>
  `${t} 0 wait id=${id} site="a.ts:9:5 await! load | lookup(key)" reason=future`;
const collected = (t: number, id: number, listens = ''): string =>
  `${t} 0 fact id=${id} site="${MADE}" ${listens} what=collected`;

const awaited = `
  0 0 activationBegin id=1 name="main" kind=async-function
  ${begin(2, 'load', 'parent=1')}
  ${wait(1, 2)}
  1 0 wait id=1 for=2 site="a.ts:30:5 await! main | load(key)" reason=task`;
const SENTENCE =
  'Nothing can settle the promise of `lookup` made at a.ts:3 any more, since no code holds its `resolve` or `reject`: ' +
  'load waits for it at a.ts:9';
const MEND = 'Each way through the code there has to call one of them.';

describe('promises that can never settle', () => {
  it('are told while the program goes on, and not of the tasks that wait for those', () => {
    deepEqual(findingsOf(`${awaited} \n ${collected(1_000_001, 2)}`), [
      `error never-settled: ${SENTENCE}, for 1.0 ms so far. ${MEND}`,
    ]);
  });

  it('are told once at the end, too', () => {
    deepEqual(findingsOf(`${awaited} \n ${collected(5, 2)} \n 1000001 0 processEnd how=exit`), [
      `error never-settled: ${SENTENCE}, for 1.0 ms so far. ${MEND}`,
    ]);
  });

  it('are nothing to tell of where the wait has ended', () => {
    deepEqual(findingsOf(`${awaited} \n ${collected(5, 2)} \n 6 0 run id=2 \n 7 0 activationEnd id=2`), []);
  });

  it('are information where nobody waits for the task', () => {
    const alone = `${begin(2, 'load')}\n${wait(1, 2)}`;
    const severity = (records: string): string => findingsOf(records)[0]!.split(' ')[0]!;
    deepEqual(severity(`${alone}\n${collected(5, 2)}`), 'info');
    const other = `${begin(4, 'load')}\n0 0 activationEnd id=4 outcome=ok`;
    deepEqual(severity(`${other}\n${alone}\n${collected(5, 2)}`), 'warning');
    deepEqual(severity(`${other}\n${alone}\n${collected(5, 2, 'amount=1')}`), 'info');
  });

  it('are a warning where nobody waits and the process ends with a failure, as a test runner does', () => {
    const alone = `${begin(2, 'load')}\n${wait(1, 2)}\n${collected(5, 2)}`;
    const severity = (exitCode: number): string =>
      findingsOf(`${alone}\n9 0 processEnd exitCode=${exitCode} how=exit`)[0]!.split(' ')[0]!;
    deepEqual([severity(0), severity(1)], ['info', 'warning']);
  });
});
