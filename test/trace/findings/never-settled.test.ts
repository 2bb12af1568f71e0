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
});
