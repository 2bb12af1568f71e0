import { deepEqual } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const tests = (inner: string): string => `
  0 0 activationBegin id=1 name="test('cart')" site="a.mjs:17:14 function test" kind=async-function
  1 0 activationBegin id=2 parent=1 name="${inner}" site="a.mjs:24:26 function add" kind=async-function
  2 0 wait id=2 site="a.mjs:25:5 await add | sleep()" reason=io
  3 0 wait id=1 site="a.mjs:20:5 await f | total()" reason=io`;
const end = (t: number, id: number): string =>
  `${t}000000 0 run id=${id} waker=external\n${t}000000 0 activationEnd id=${id} outcome=ok`;
const found = (...text: string[]): string[] =>
  findingsOf(text.join('\n')).filter((line) => line.includes('never-awaited'));

describe('a test within a test that is not awaited', () => {
  it('is told with its line, whether it ends later or never', () => {
    const head = "warning never-awaited: test('adds') (a.mjs:24) was begun by test('cart'), which ended";
    const why = 'a test that ends cancels those in it that nobody awaited. Write `await` before the call.';
    deepEqual(found(tests("test('adds')"), end(5, 1), end(155, 2)), [`${head} 150 ms before it: ${why}`]);
    deepEqual(found(tests("test('adds')"), end(5, 1), '155000000 0 clock wall=1'), [
      `${head}, and it has not ended yet: ${why}`,
    ]);
  });

  it('is none that ends before the other, nor any function that a test begins', () => {
    deepEqual(found(tests("test('adds')"), end(5, 2), end(155, 1)), []);
    deepEqual(found(tests('load'), end(5, 1), end(155, 2)), []);
  });
});
