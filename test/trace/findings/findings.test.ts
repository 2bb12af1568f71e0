import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { findingsOf as findings } from '../../support/findings-of.ts';

const waiting = `
  0 0 activationBegin id=1 name="a" kind=async-function
  1 0 wait id=1 site="a.ts:3:5 await! a | g()" reason=io
  2 0 activationBegin id=2 name="b" kind=async-function
  3 0 wait id=2 site="a.ts:7:5 await! b | h()" reason=io
`;

describe('findings', () => {
  it('find nothing in a program that only waits its turn', () => {
    assert.deepEqual(
      findings(`${waiting} 99000000 0 run id=1\n 100000000 0 activationEnd id=1 outcome=ok`),
      [],
    );
  });

  it('find who held the thread, between which lines, and who could have run', () => {
    assert.deepEqual(
      findings(`${waiting}
        1000 0 run id=1
        2000 0 wake woken=2
        340001000 0 wait id=1 site="a.ts:4:5 await! a | g()" reason=io
      `),
      [
        'warning blocked-event-loop: The thread was held for 340 ms by a, between a.ts:3 and its next wait at a.ts:4; b could have run meanwhile.',
      ],
    );
  });

  it('say where the hold began, wherever its task has gone since', () => {
    assert.deepEqual(
      findings(`
        0 0 activationBegin id=1 name="main" kind=main
        1 0 activationBegin id=2 parent=1 name="a" kind=async-function site="a.ts:1:1 function a"
        300000001 0 wait id=2 site="a.ts:4:5 await! a | g()" reason=io
        300000002 0 wait id=1 reason=task for=2
      `),
      [
        'warning blocked-event-loop: The thread was held for 300 ms by a, between its start at a.ts:1 and its next wait at a.ts:4.',
      ],
    );
  });

  it('call the tasks as everything else does, whoever came after', () => {
    assert.deepEqual(
      findings(`
        0 0 activationBegin id=1 name="handle" kind=async-function site="a.ts:1:1 function handle"
        150000000 0 activationEnd id=1 outcome=ok
        150000001 0 activationBegin id=2 name="handle" kind=async-function site="a.ts:1:1 function handle"
        150000002 0 activationEnd id=2 outcome=ok
      `),
      [
        'warning blocked-event-loop: The thread was held for 150 ms by handle#1, between its start at a.ts:1 and its end.',
      ],
    );
  });

  it('find none in a worker that works: its thread is its own', () => {
    const body = (kind: string): string => `
      0 1 activationBegin id=1 name="square" kind=${kind}
      340000000 1 activationEnd id=1 outcome=ok`;
    assert.deepEqual(findings(body('chunk')), []);
    assert.deepEqual(findings(body('thread')), []);
    assert.equal(findings(body('async-function')).length, 1);
  });

  it('take the time for which a thread was stopped from outside out of a hold', () => {
    const held = (stops: string): string[] =>
      findings(
        `${waiting} 1000 0 run id=1\n${stops}\n 200001000 0 wait id=1 site="a.ts:4:5 await! a | g()" reason=io`,
      );
    assert.deepEqual(
      held('50001000 0 pause why=instrument\n 150001001 0 resume why=instrument'),
      [],
      '100 ms ago, and 1 ns less than a hold',
    );
    assert.deepEqual(held('50001000 0 pause why=instrument\n 149001000 0 resume why=instrument'), [
      'warning blocked-event-loop: The thread was held for 101 ms by a, between a.ts:3 and its next wait at a.ts:4.',
    ]);
    assert.deepEqual(held('50001000 0 pause why=breakpoint'), [], 'a stop that goes on');
  });

  it('find a hold that goes on, live, as soon as the clock has gone on', () => {
    assert.deepEqual(findings(`${waiting} 1000 0 run id=2\n 3200001000 0 clock wall=1`), [
      'error blocked-event-loop: b has held the thread for 3.20 s and still does, running on from a.ts:7.',
    ]);
  });

  it('find tasks that nobody was left to wake, but only at an end that the process came to itself', () => {
    assert.deepEqual(findings(`${waiting} 9 0 processEnd how=exit`), [
      'warning never-settled: a was still waiting at a.ts:3 for I/O when the program ended: nothing was left that could wake it.',
      'warning never-settled: b was still waiting at a.ts:7 for I/O when the program ended: nothing was left that could wake it.',
    ]);
    assert.deepEqual(findings(`${waiting} 9 0 processEnd exitCode=1 how=uncaught`), []);
  });

  it('name all of a few tasks that were left waiting, and the lines from which each came there', () => {
    const locker = (id: number, name: string, line: number): string => `
      ${id}0 0 activationBegin id=${id} name="${name}" kind=async-function
      ${id}1 0 activationBegin id=${id}5 parent=${id} name="acquire" kind=async-function
      ${id}2 0 wait id=${id}5 site="a.ts:9:5 await! acquire | new Promise(f)" reason=future for=90
      ${id}3 0 wait id=${id} for=${id}5 direct site="a.ts:${line}:5 await! ${name} | lock.acquire()" reason=task
    `;
    const made = '0 0 resourceBegin id=90 name="made at a.ts:9" kind=promise';
    const left = (lockers: string): string[] => findings(`${made} ${lockers}\n 999 0 processEnd how=exit`);
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

  it('say of an error that nobody caught where it was thrown, and who had begun the task', () => {
    const failed = (fact: string): string[] =>
      findings(`
        0 0 activationBegin id=1 name="main" kind=main
        1 0 activationBegin id=2 parent=1 name="check" kind=async-function site="a.ts:17:1 function check"
        2 0 activationEnd id=2 outcome=error error="Error: 2 is bad"
        ${fact}
      `);
    assert.deepEqual(
      [
        failed('3 0 fact id=2 site="a.ts:19:9 line check" text="Error: 2 is bad" what=uncaught'),
        failed('3 0 fact site="a.ts:19:9 line check" text="Error: 2 is bad" what=unhandled'),
        failed(`
          3 0 fact id=2 site="a.ts:19:9 line check" text="Error: 2 is bad" called="a.ts:32:3 line main" what=unhandled
          4 0 fact id=2 site="a.ts:19:9 line check" text="Error: 2 is bad" what=uncaught
        `),
      ].flat(),
      [
        'error uncaught-error: Nobody caught Error: 2 is bad, thrown in check at a.ts:19, which main had begun.',
        'error uncaught-error: Nobody handled Error: 2 is bad, thrown at a.ts:19.',
        'error uncaught-error: Nobody handled Error: 2 is bad, thrown in check at a.ts:19; main had called it at a.ts:32 without an await.',
      ],
    );
  });

  it('find errors that nobody caught, and gaps, the gravest first', () => {
    assert.deepEqual(
      findings(`${waiting}
        5 0 lost count=10 where=ring
        6 0 fact id=1 text="Error: no" what=uncaught
      `),
      [
        'error uncaught-error: Nobody caught Error: no, thrown in a.',
        'warning lost-records: 10 records of 24 are missing: the program was faster than its recording. What is said here holds for the rest.',
      ],
    );
  });
});
