import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { tree } from '../machine/tree.ts';
import { type Case, casesOf } from './cases.ts';
import { falseAlarms, judge } from './judge.ts';
import { runCase } from './run-case.ts';
import { isTimed, sampleOf } from './sample.ts';

const COUNT = 8;
/** Right ones among them: it only rises. */
const FLOOR = 8;
const MAX_MS = 40_000;
const SEED = 9;

/** Null: the answer is right. */
async function wrongAnswerOf(each: Case): Promise<string | null> {
  const scratch = mkdtempSync(join(tmpdir(), 'simul-sample-'));
  try {
    const { answers: all, trouble } = await runCase(each, scratch, null);
    // A machine that runs other tests holds a thread up as well.
    const answers = all.filter(({ rule }) => !isTimed(rule));
    if (trouble !== null) return `${each.name}: ${trouble}`;
    if (each.truth === null) {
      const [alarm] = falseAlarms(answers);
      return alarm === undefined ? null : `healthy/${each.name}: ${alarm.words}`;
    }
    const { isRight, first, lacks } = judge(each.truth, answers);
    return isRight ? null : `${each.name}: ${first} lacks ${lacks.join(', ')}`;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

describe('programs with a known fault, and their mended twins', () => {
  it('are told right at first', async () => {
    const sample = sampleOf(casesOf(join(tree, 'test/corpus/programs')), SEED, COUNT);
    assert.equal(sample.length, COUNT);
    const wrong: string[] = [];
    const untilMs = performance.now() + MAX_MS;
    let ran = 0;
    for (const each of sample) {
      if (performance.now() > untilMs) break;
      const answer = await wrongAnswerOf(each);
      if (answer !== null) wrong.push(answer);
      ran++;
    }
    assert.ok(ran >= 2, `${ran} programs ran in ${MAX_MS / 1000} s`);
    assert.ok(wrong.length <= COUNT - FLOOR, wrong.join('\n'));
  }).timeout(2 * MAX_MS);
});
