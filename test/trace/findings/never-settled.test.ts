import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const waiting = `
  0 0 activationBegin id=1 name="a" kind=async-function
  1 0 wait id=1 site="a.ts:3:5 await! a | g()" reason=io
  2 0 activationBegin id=2 name="b" kind=async-function
  3 0 wait id=2 site="a.ts:7:5 await! b | h()" reason=io
`;

describe('tasks that were never woken', () => {
  it('are found only at an end that the process came to itself', () => {
    assert.deepEqual(findingsOf(`${waiting} 9 0 processEnd how=exit`), [
      'warning never-settled: a was still waiting at a.ts:3 for I/O when the program ended: nothing was left that could wake it.',
      'warning never-settled: b was still waiting at a.ts:7 for I/O when the program ended: nothing was left that could wake it.',
    ]);
    assert.deepEqual(findingsOf(`${waiting} 9 0 processEnd exitCode=1 how=uncaught`), []);
  });

  it('are all named when they are few, with the lines from which each was called', () => {
    const locker = (id: number, name: string, line: number): string => `
      ${id}0 0 activationBegin id=${id} name="${name}" kind=async-function
      ${id}1 0 activationBegin id=${id}5 parent=${id} name="acquire" kind=async-function
      ${id}2 0 wait id=${id}5 site="a.ts:9:5 await! acquire | new Promise(f)" reason=future for=90
      ${id}3 0 wait id=${id} for=${id}5 direct site="a.ts:${line}:5 await! ${name} | lock.acquire()" reason=task
    `;
    const made = '0 0 resourceBegin id=90 name="made at a.ts:9" kind=promise';
    const left = (lockers: string): string[] => findingsOf(`${made} ${lockers}\n 999 0 processEnd how=exit`);
    assert.deepEqual(left(locker(1, 'transfer', 25) + locker(2, 'report', 34)), [
      'warning never-settled: 2 tasks (transfer, called at a.ts:25; report, called at a.ts:34) were still waiting at a.ts:9 ' +
        'for `new Promise(f)` when the program ended: nothing was left that could wake them.',
    ]);
    const many = [1, 2, 3, 4, 5].map((id) => locker(id, 'transfer', 25)).join('');
    assert.deepEqual(left(many), [
      'warning never-settled: 5 tasks (transfer#1, transfer#2 and 3 others) were still waiting at a.ts:9 (in acquire, called at a.ts:25) ' +
        'for `new Promise(f)` when the program ended: nothing was left that could wake them.',
    ]);
  });

  it('are not told where they only wait for another task that is', () => {
    const passing = `
      0 0 activationBegin id=1 name="main" kind=async-function
      0 0 activationBegin id=2 parent=1 name="part" kind=async-function
      1 0 wait id=2 site="a.ts:3:5 await! part | answer()" reason=io
      2 0 resourceBegin creator=1 id=9 name="Promise.all" kind=group
      2 0 group parent=1 group=9 child=2 count=1 kind=all
      2 0 wait id=1 for=9 site="a.ts:8:5 await! main | Promise.all([part])" reason=group
      9 0 processEnd how=exit`;
    assert.deepEqual(findingsOf(passing), [
      'warning never-settled: part was still waiting at a.ts:3 for I/O when the program ended: nothing was left that could wake it.',
    ]);
    const circle = passing.replace('reason=io', 'reason=task for=1').replace('for=9', 'for=2');
    assert.deepEqual(
      findingsOf(circle).map((line) => line.replace(/:.*/, '')),
      ['error deadlock'],
    );
  });

  describe('and for whom nobody waits', () => {
    const listening = (listener: string, worker: string): string => `
      0 0 activationBegin id=1 name="<module>" site="a.ts:1:1 function <module>" kind=module
      0 0 activationBegin id=2 parent=1 name="listen" site="a.ts:2:1 function listen" kind=async-function
      1 0 wait id=2 site="a.ts:3:5 await! listen | news()" reason=future
      1 0 activationBegin id=3 parent=1 ${worker} kind=async-function
      2 0 wait id=3 reason=timer
      3 0 wait id=1 reason=timer
      ${listener}
      5 0 run id=3
      5 0 activationEnd id=3 outcome=ok
      6 0 run id=1
      6 0 activationEnd id=1 outcome=ok`;
    const work = 'name="work" site="a.ts:9:1 function work"';

    it('are information, where the program did its other work', () => {
      assert.deepEqual(findingsOf(`${listening('', work)}\n9 0 processEnd how=exit`), [
        'info never-settled: listen was still waiting at a.ts:3 for `news()` when the program had done its other work and ended: nobody waited for it.',
      ]);
    });

    it('are a fault, where the program failed, or one of their kind came to its end', () => {
      const failed = `${listening('', work)}\n9 0 processEnd exitCode=1 how=exit`;
      assert.match(findingsOf(failed)[0] ?? '', /^warning never-settled: listen/);
      const other = listening('', 'name="listen" site="a.ts:2:1 function listen"');
      assert.match(
        findingsOf(`${other}\n9 0 processEnd how=exit`)[0] ?? '',
        /^warning never-settled: listen/,
      );
    });
  });
});
