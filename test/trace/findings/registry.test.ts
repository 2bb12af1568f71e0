import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { RULES } from '../../../runtime/trace/findings/registry.ts';
import { findingsOf } from '../../support/findings-of.ts';

const waiting = `
  0 0 activationBegin id=1 name="a" kind=async-function
  1 0 wait id=1 site="a.ts:3:5 await! a | g()" reason=io
  2 0 activationBegin id=2 name="b" kind=async-function
  3 0 wait id=2 site="a.ts:7:5 await! b | h()" reason=io
`;

describe('all rules together', () => {
  it('give their findings by severity, the gravest first', () => {
    assert.deepEqual(
      findingsOf(`${waiting}
        5 0 lost count=10 where=ring
        6 0 fact id=1 text="Error: no" what=uncaught
      `),
      [
        'error uncaught-error: Nobody caught Error: no, thrown in a.',
        'warning lost-records: 10 records of 24 are missing: the program was faster than its recording. What is said here holds for the rest.',
      ],
    );
  });

  it('have a name of their own and a sentence each', () => {
    assert.equal(new Set(RULES.map(({ name }) => name)).size, RULES.length);
    for (const { name, description } of RULES) {
      assert.match(name, /^[a-z]+(-[a-z]+)*$/);
      assert.match(description, /^[A-Z].*\.$/);
    }
  });
});
