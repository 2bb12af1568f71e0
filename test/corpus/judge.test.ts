import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { falseAlarms, firstSentence, judge } from './judge.ts';
import { parseTruth, type Truth } from './truth.ts';

const TRUTH = `# two-slots
- kind: deadlock
- run: program.mjs
- ends: SIGINT after 6 s
- rule: deadlock
- lines: 20 25 (one of them)
- names: limit crawl (all of them)
- mend: ask another limiter (there is one)
`;

const truth: Truth = parseTruth(TRUTH);
const answer = (words: string, rule = 'deadlock'): { rule: string; severity: string; words: string } => ({
  rule,
  severity: 'error',
  words,
});

describe('the truth of a program', () => {
  it('has fields for the run and for the judge', () => {
    assert.deepEqual(truth, {
      run: 'program.mjs',
      interruptAfterMs: 6000,
      interrupt: 'SIGINT',
      rule: 'deadlock',
      lines: [20, 25],
      names: ['limit', 'crawl'],
      mend: 'ask another limiter (there is one)',
      isCounted: true,
    });
  });

  it('tells how the program is ended', () => {
    const endOf = (ends: string) => {
      const { interrupt, interruptAfterMs } = parseTruth(TRUTH.replace(/^- ends: .*$/m, `- ends: ${ends}`));
      return [interrupt, interruptAfterMs];
    };
    assert.deepEqual(endOf('by itself (RuntimeError)'), ['SIGINT', null]);
    assert.deepEqual(endOf('SIGINT twice after 4 s'), ['SIGINT twice', 4000]);
    assert.deepEqual(endOf('SIGKILL after 4 s'), ['SIGKILL', 4000]);
    assert.throws(() => endOf('some time'), /ends/);
  });

  it('may be that of another field: then it needs no rule', () => {
    assert.equal(parseTruth('- run: a.mjs\n- counted: no (another field)\n').isCounted, false);
  });

  it('is refused where a field is missing or unreadable', () => {
    assert.throws(() => parseTruth(TRUTH.replace(/- rule.*\n/, '')), /"rule" is missing/);
    assert.throws(() => parseTruth(TRUTH.replace('20 25', 'twenty')), /"lines"/);
    assert.throws(() => parseTruth(TRUTH.replace('SIGINT after 6 s', 'soon')), /"ends"/);
  });
});

describe('an answer', () => {
  const isRight = (words: string, rule?: string): boolean => judge(truth, [answer(words, rule)]).isRight;

  it('is right where its first sentence names a line, all names and the rule', () => {
    assert.ok(isRight('crawl holds `limit` (app.mts:25) and waits for it.'));
    assert.ok(isRight('crawl holds `limit` (line 20) and waits for it.'));
    assert.ok(isRight('crawl holds `limit` (lines 18–21) and waits for it.'));
    assert.ok(isRight('crawl holds `limit` (app.mts:18–21) and waits for it.'));
  });

  it('is wrong where one is missing, or stands in a later sentence or answer', () => {
    assert.deepEqual(judge(truth, [answer('crawl holds `limit` (app.mts:250).')]).lacks, ['line 20 or 25']);
    assert.deepEqual(judge(truth, [answer('it holds `limit` (app.mts:25).')]).lacks, ['crawl']);
    assert.ok(!isRight('crawl waits at app.mts:25. It waits for limit.'));
    assert.ok(!isRight('crawl holds `limit` (app.mts:25).', 'never-settled'));
    const second = judge(truth, [answer('none', 'other'), answer('crawl holds `limit` (app.mts:25).')]);
    assert.deepEqual([second.isRight, second.isFound, second.first], [false, true, 'none']);
    assert.equal(judge(truth, []).first, '');
  });

  it('has a first sentence that ends at a full stop before a blank', () => {
    assert.equal(firstSentence('a at b.ts:3 took 1.5 s. And c.'), 'a at b.ts:3 took 1.5 s.');
    assert.equal(firstSentence('no stop'), 'no stop');
  });

  it('on a program without a fault is an alarm, unless it is information', () => {
    const info = { ...answer('starting up'), severity: 'info' };
    assert.deepEqual(falseAlarms([info, answer('x')]), [answer('x')]);
  });
});
