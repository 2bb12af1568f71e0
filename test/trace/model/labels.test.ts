import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { foldText } from '../../support/fold-text.ts';

describe('the label of a task', () => {
  it('numbers tasks of one name', () => {
    const { trace } = foldText(`
      0 0 activationBegin id=1 name="f" kind=async-function
      1 0 activationEnd id=1 outcome=ok
      2 0 activationBegin id=2 name="f" kind=async-function
      3 0 activationBegin id=3 name="g" kind=async-function
    `);
    assert.deepEqual(
      [0, 1, 2].map((task) => trace.labelOf(task)),
      ['f#1', 'f#2', 'g'],
    );
  });

  it('gives no number to a frame of another’s row', () => {
    const { trace } = foldText(`
      0 0 activationBegin id=1 name="main" kind=async-task
      1 0 activationBegin id=2 parent=1 name="main" kind=async-function
      2 0 wait id=2 site="a.ts:3:5 await main | f()" reason=timer
      2 0 wait id=1 for=2 reason=task direct
      3 0 activationBegin id=3 name="g" kind=async-task
      4 0 activationBegin id=4 parent=3 name="g" kind=async-function
      5 0 activationBegin id=5 name="g" kind=async-task
    `);
    assert.deepEqual(
      [0, 2, 4].map((task) => trace.labelOf(task)),
      ['main', 'g#1', 'g#3'],
    );
  });

  it('is the place of a task without a name, and not the function around that place', () => {
    const { trace } = foldText(`
      0 0 activationBegin id=1 site="src/a.ts:3:5 call main | gather([() => f()])" kind=async-task ready
      0 0 activationBegin id=2 site="src/a.ts:3:5 call main | gather([() => f()])" kind=async-task ready
      0 0 activationBegin id=3 site="src/a.ts:9:1 function f" kind=async-function
    `);
    assert.deepEqual(
      [0, 1, 2].map((task) => trace.labelOf(task)),
      ['task at a.ts:3#1', 'task at a.ts:3#2', 'f'],
    );
  });

  it('is what a handler of requests was registered for', () => {
    const { trace } = foldText(`
      0 0 resourceBegin id=7 name="a request to the HTTP server" kind=io
      0 0 activationBegin id=1 of=7 site="a.ts:3:5 function get('/user') callback" name="get('/user') callback" kind=async-function
      0 0 activationBegin id=2 of=7 site="a.ts:9:1 function <anonymous>" kind=async-function
      0 0 activationBegin id=3 site="a.ts:3:5 function get('/user') callback" name="get('/user') callback" kind=async-function
    `);
    assert.deepEqual(
      [0, 1, 2].map((task) => trace.nameOf(task)),
      ["request handler get('/user')", 'request handler a.ts:9', "get('/user') callback"],
    );
  });
});
