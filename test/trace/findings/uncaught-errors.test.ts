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
});
