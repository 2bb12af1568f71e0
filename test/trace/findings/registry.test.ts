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

  it('put what is wrong before what takes long', () => {
    const held =
      '1000 0 run id=1\n2000 0 wake woken=2\n340001000 0 wait id=1 site="a.ts:4:5 await! a | g()" reason=io';
    const fact =
      '340002000 0 fact id=1 site="a.ts:7:3 call a | " called="a.ts:5:9 call a | " text="n" amount=1 what=lost-update';
    const rules = findingsOf(`${waiting}\n${held}\n${fact}`).map((words) => words.split(':')[0]!);
    assert.deepEqual(rules.slice(0, 2), ['warning lost-update', 'warning blocked-event-loop']);
  });

  it('leave a last resort only what the others do not explain', () => {
    const cycle = `
      0 0 activationBegin id=1 site="/a/main.mjs:1:1 function <module>" name="<module>" kind=module
      1 0 activationBegin id=2 parent=1 name="other" kind=async-function
      1 0 wait id=2 site="a.ts:3:5 await other | answer()" reason=future
      2 0 wait id=1 site="/a/main.mjs:4:9 await! <module> | import('./b.mjs')" reason=future`;
    const fact = '\n8 0 fact id=1 text="b.mjs" called="/a/b.mjs:2:1 line <module>" what=module-cycle';
    const end = '\n9 0 processEnd exitCode=13 how=exit';
    const rules = (text: string): string[] => findingsOf(text).map((words) => words.split(':')[0]!);
    assert.deepEqual(rules(cycle + end), ['warning never-settled', 'warning never-settled']);
    assert.deepEqual(rules(cycle + fact + end), ['error module-cycle', 'warning never-settled']);
  });

  it('are silent at a line where a comment says so, each by its name', () => {
    const end = '9 0 processEnd how=exit';
    const silenced = (rule: string, line: number): string =>
      `\n4 0 fact site="a.ts:${line}:1 call " text="${rule} other" what=silenced\n${end}`;
    assert.equal(findingsOf(waiting + silenced('overlap', 3)).length, 2);
    assert.match(findingsOf(waiting + silenced('never-settled', 3)).join(), /^warning never-settled: b /);
    assert.equal(findingsOf(waiting + silenced('never-settled', 4)).length, 2);
  });

  it('have a name of their own and a sentence each', () => {
    assert.equal(new Set(RULES.map(({ name }) => name)).size, RULES.length);
    for (const { name, description } of RULES) {
      assert.match(name, /^[a-z]+(-[a-z]+)*$/);
      assert.match(description, /^[A-Z].*\.$/);
    }
  });
});
