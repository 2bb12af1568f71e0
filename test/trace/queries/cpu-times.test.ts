import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { answerLines } from '../../../runtime/trace/queries/answer-lines.ts';
import { cpuTimes } from '../../../runtime/trace/queries/cpu-times.ts';
import { whyAll } from '../../../runtime/trace/queries/why.ts';
import { querySourceOf } from '../../support/query-text.ts';

const BODY = `
  0 0 processBegin pid=100 language=node
  0 0 laneBegin name="main" kind=main
  0 0 activationBegin id=1 site="a.ts:1:1 line <main>" name="a.ts" kind=main
`;
const END = '1000000000 0 activationEnd id=1 outcome=ok';
const at = (lane: number, ms: number, rest: string): string =>
  `900000000 ${lane} profile duration=${ms} samples=${ms / 5} unit=ms ${rest}\n`;
const F = 'site="a.ts:7:1 line crunch"';

describe('where the CPU time went', () => {
  it('is a table that adds up, by place, of all threads and processes together', () => {
    const one = `${BODY}${at(0, 300, F)}${at(0, 60, `${F} name="gzipSync"`)}${at(0, 40, 'name="code of ajv"')}${END}`;
    const two = `${BODY}${at(0, 200, F)}900000000 1 laneBegin name="w" kind=worker
      ${at(1, 400, F)}${END}`;
    const source = querySourceOf(one, two);
    const lines = answerLines(source.trace, whyAll(source));
    const from = lines.findIndex((line) => line.startsWith('Where the CPU time went'));
    assert.deepEqual(lines.slice(from, from + 5), [
      'Where the CPU time went, from 200 looks of a profiler:',
      '  900 ms   90 %  a.ts:7 in crunch, its own code',
      '   60 ms    6 %  a.ts:7 in crunch, calling gzipSync',
      '   40 ms    4 %  code of ajv',
      '  1.00 s  100 %  in all',
    ]);
  });

  it('sums up what is small', () => {
    const many = Array.from({ length: 12 }, (_, i) => at(0, 5, `site="a.ts:${i + 20}:1 line f${i}"`)).join(
      '',
    );
    const source = querySourceOf(`${BODY}${at(0, 740, F)}${many}${END}`);
    const { rows, wholeNs, samples } = cpuTimes(source.trace)!;
    assert.deepEqual(
      rows.map(({ resource, ns }) => [resource, ns / 1e6]),
      [
        ['its own code', 740],
        ['12 other parts', 60],
      ],
    );
    assert.deepEqual([wholeNs / 1e6, samples], [800, 160]);
    assert.equal(
      rows.reduce((sum, { share }) => sum + share, 0),
      1,
    );
  });

  it('is not said where no profiler was asked for, or where it saw nothing', () => {
    for (const records of ['', at(0, 0, F)]) {
      const source = querySourceOf(`${BODY}${records}${END}`);
      assert.equal(cpuTimes(source.trace), null);
      assert.ok(!answerLines(source.trace, whyAll(source)).join().includes('CPU'));
    }
  });

  it('says in one sentence that there was no profiler', () => {
    const notice = `10 0 agent text="where the CPU time went: Node refuses" count=1 news=unseen\n`;
    const source = querySourceOf(`${BODY}${notice}${END}`);
    assert.deepEqual(whyAll(source).unseen, ['Where the CPU time went: Node refuses.']);
  });
});
