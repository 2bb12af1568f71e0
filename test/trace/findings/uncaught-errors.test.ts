import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

describe('an uncaught error', () => {
  it('is found with the line that threw it and the task that had begun the failing one', () => {
    const failed = (fact: string): string[] =>
      findingsOf(`
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

  it('blames no call for a promise that was returned without an await', () => {
    const [words] = findingsOf(`
      0 0 activationBegin id=1 name="main" kind=main
      1 0 activationBegin id=2 parent=1 name="load" kind=async-function site="a.ts:17:1 function load"
      2 0 activationEnd id=2 outcome=error error="Error: no"
      3 0 fact id=2 site="a.ts:19:9 line load" text="Error: no" called="a.ts:32:5 return! main | load()" what=unhandled
    `);
    assert.equal(
      words,
      'error uncaught-error: Nobody handled Error: no, thrown in load at a.ts:19; its promise had been returned at a.ts:32 without an await.',
    );
  });

  it('tells where the caller was that held its promise', () => {
    const failed = (waits: string): string[] =>
      findingsOf(`
        0 0 activationBegin id=1 name="handler" kind=async-function
        1 0 activationBegin id=2 parent=1 name="page" kind=async-function site="a.ts:21:1 function page"
        2 0 activationBegin id=3 parent=2 name="offers" kind=async-function site="a.ts:10:1 function offers"
        3 0 wait id=3 site="a.ts:11:3 await offers | sleep(60)" for=91 reason=timer
        ${waits}
        5 0 wait id=1 site="a.ts:35:5 await! handler | page()" for=2 reason=task direct
        6 0 run id=3
        6 0 activationEnd id=3 outcome=error error="Error: none"
        7 0 fact id=3 site="a.ts:12:9 line offers" text="Error: none" what=unhandled
      `).filter((line) => line.includes('uncaught-error'));
    const thrown =
      'error uncaught-error: Nobody handled Error: none, thrown in offers at a.ts:12, which page had begun';
    assert.deepEqual(failed('4 0 wait id=2 site="a.ts:23:18 await! page | basket()" for=90 reason=future'), [
      `${thrown}; it waited for something else at a.ts:23.`,
    ]);
    assert.deepEqual(failed('4 0 wait id=2 for=92 reason=future'), [`${thrown}.`]);
  });

  it('tells of the async function that a new Promise was given, and who waits', () => {
    const text = `
      0 0 activationBegin id=1 name="start" kind=async-function
      1 0 activationBegin id=2 parent=1 name="executor of load" kind=async-function site="a.ts:11:22 function load | new Promise"
      2 0 wait id=2 site="a.ts:14:5 await executor of load | read()" for=91 reason=io
      2 0 wait id=1 site="a.ts:27:5 await! start | load()" for=90 reason=future
      3 0 run id=2
      3 0 activationEnd id=2 outcome=error error="Error: no"
      4 0 fact id=2 site="a.ts:19:9 line load" text="Error: no" what=unhandled`;
    assert.deepEqual(
      findingsOf(text).filter((line) => line.includes('uncaught-error')),
      [
        'error uncaught-error: Nobody handled Error: no, thrown in executor of load at a.ts:19, the async function that ' +
          '`new Promise` was given at a.ts:11; that rejects nothing, and leaves the promise as it was, ' +
          'while start waits at a.ts:27 for `load()`. Leave `new Promise` out: an async function has a promise of its own.',
      ],
    );
  });

  it('names the line where what failed was made, of an event that nobody listened to', () => {
    assert.deepEqual(
      findingsOf(
        '5 0 fact text="Error: connect ECONNREFUSED 127.0.0.1:9" called="a.ts:19:5 line open" amount=1 what=uncaught',
      ),
      [
        "error uncaught-error: Nobody caught Error: connect ECONNREFUSED 127.0.0.1:9, which came as an 'error' event of what was made at a.ts:19, and nobody listened to it.",
      ],
    );
  });
});
