import { deepEqual } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

const run = (id: number): string => `0 0 activationBegin id=${id} name="withdraw" kind=async-function`;
const lost = (t: number, id: number, amount: number): string =>
  `${t} 0 fact id=${id} site="a.ts:7:3 call withdraw | " called="a.ts:5:9 call withdraw | " text="balance" amount=${amount} what=lost-update`;

describe('a lost update', () => {
  it('is told once for its line, with where it was read', () => {
    const head = (task: string): string =>
      `warning lost-update: ${task} wrote \`balance\` at a.ts:7 from what it had read before an \`await\`, at a.ts:5, though another run had written it in between: that update is lost`;
    const mend = 'Read it again after the `await`, or let one run at a time.';
    deepEqual(findingsOf(`${run(1)}\n${run(2)}\n${lost(5, 2, 1)}`), [`${head('withdraw#2')}. ${mend}`]);
    deepEqual(findingsOf(`${run(1)}\n${run(2)}\n${lost(5, 2, 1)}\n${lost(6, 1, 2)}`), [
      `${head('withdraw#2')}, as at least 1 other there. ${mend}`,
    ]);
  });

  it('is nothing to tell of without the run that wrote', () => {
    deepEqual(findingsOf(lost(5, 0, 1)), []);
  });
});
