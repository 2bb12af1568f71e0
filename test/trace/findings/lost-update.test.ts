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

  it('names who wrote what was lost, where that stands elsewhere', () => {
    const over = (id: number, line: number, fn: string): string =>
      `5 0 fact id=${id} site="a.ts:${line}:3 call ${fn} | " called="a.ts:7:3 call withdraw | " amount=1 what=lost-over`;
    const writers = (...facts: string[]): string =>
      / though (.*) had written/.exec(
        findingsOf([run(1), run(2), lost(5, 2, 1), ...facts].join('\n'))[0]!,
      )![1]!;
    deepEqual(writers(over(1, 7, 'withdraw')), 'another run');
    deepEqual(writers(over(0, 20, 'rename')), 'rename (a.ts:20)');
    deepEqual(
      writers(over(1, 9, 'withdraw'), over(0, 20, '')),
      'withdraw#1 (a.ts:9) and what stands at a.ts:20',
    );
  });

  it('is nothing to tell of without the run that wrote', () => {
    deepEqual(findingsOf(lost(5, 0, 1)), []);
  });
});

describe('a file that two runs read and write', () => {
  const runs = [1, 2].map((id) => `0 0 activationBegin id=${id} name="save" kind=async-function`).join('\n');
  const read = (t: number, id: number, us = 0): string =>
    `${t}000 0 fact id=${id} site="a.ts:5:9 line" text="/x/db.json" amount=${us} what=file-read`;
  const write = (t: number, id: number): string =>
    `${t}000 0 fact id=${id} site="a.ts:7:9 line" text="/x/db.json" what=file-written`;
  const found = (...text: string[]): string[] =>
    findingsOf([runs, ...text].join('\n')).filter((line) => line.includes('lost-update'));

  it('has lost what the one wrote since the other had read it', () => {
    deepEqual(found(read(20, 1, 10), read(20, 2, 9), write(20, 1), write(30, 2)), [
      'warning lost-update: save#2 read db.json at a.ts:5 and wrote all of it at a.ts:7, though save#1 had written ' +
        'it in between: what that one wrote is lost. Let one run at a time read and write it, or read it again ' +
        'just before.',
    ]);
  });

  it('has lost nothing where the other read it again, at a line that is not known', () => {
    const again = '30000 0 fact id=2 text="/x/db.json" amount=5 what=file-read';
    deepEqual(found(read(20, 1, 10), read(20, 2, 9), write(20, 1), again, write(30, 2)), []);
  });

  it('has lost nothing where the other read it afterwards, or did not read it', () => {
    deepEqual(found(read(20, 1, 10), write(20, 1), read(30, 2, 5), write(30, 2)), []);
    deepEqual(found(read(20, 1, 10), write(20, 1), write(30, 2)), []);
    deepEqual(found(read(20, 1, 10), write(20, 1), write(30, 1)), []);
  });
});
