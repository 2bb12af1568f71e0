import { deepEqual } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const run = (id: number): string => `0 0 activationBegin id=${id} name="page" kind=async-function`;
const made = (t: number, id: number, amount: number): string =>
  `${t} 0 fact id=${id} site="a.ts:7:3 call page | " called="a.ts:5:9 call page | " text="pages[path]" amount=${amount} what=made-twice`;

describe('what several runs make at once for want of it', () => {
  it('is told once for its line, with where it was missed', () => {
    const head = (task: string): string =>
      `warning made-twice: ${task} found no \`pages[path]\` at a.ts:5, waited for one and kept it at a.ts:7, though another run had made one meanwhile`;
    const mend = 'Keep the promise as soon as it is begun, so that who comes later waits for the same.';
    deepEqual(findingsOf(`${run(1)}\n${run(2)}\n${made(5, 2, 1)}`), [
      `${head('page#2')}: it was made twice. ${mend}`,
    ]);
    deepEqual(findingsOf(`${run(1)}\n${run(2)}\n${made(5, 2, 1)}\n${made(6, 1, 2)}`), [
      `${head('page#2')}: it was made again, as at least 1 other time there. ${mend}`,
    ]);
  });

  it('is nothing to tell of without the run that made it', () => {
    deepEqual(findingsOf(made(5, 0, 1)), []);
  });
});
