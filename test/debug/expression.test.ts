import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { parseExpression } from '../../runtime/debug/expression.ts';
import { parseHitCondition } from '../../runtime/debug/hit-condition.ts';

describe('a condition', () => {
  const ask = (source: string): unknown =>
    parseExpression(
      source,
      ['task', 'wait', 'unknown'],
      ['depth'],
    )({
      word: (name) => (name === 'task' ? 'consumer#2' : name === 'wait' ? 60e6 : undefined),
      call: (_name, argument) => (argument === 'orders' ? 3 : 0),
    });

  for (const [source, value] of [
    ['task ~ "consumer" && wait > 50ms', true],
    ['task ~ "producer" || wait < 1s', true],
    ['!(task == "consumer#2")', false],
    ['!!task', true],
    ['depth(orders) >= 3 && depth("orders") == 3', true],
    ['wait >= 0.06 s', true],
    ['unknown == 1', false],
    ['unknown != 1', false],
    ['true && !false', true],
    ['"a\\"b" ~ \'"\'', true],
    ['task', 'consumer#2'],
    ['1 < 2 && 2 < 1 || 3 < 4', true],
  ] as const)
    it(`is ${String(value)}: ${source}`, () => assert.equal(ask(source), value));

  for (const [source, words] of [
    ['', /a value was expected, and its end was found/],
    ['task ~', /a value was expected/],
    ['task task', /&&, \|\| or a comparison was expected, and "task" was found/],
    ['(task', /"\)" was expected/],
    ['other', /there is nothing called "other" here; there are task, wait, unknown/],
    ['height(orders)', /there is no function "height"; there are depth/],
    ['task @ 1', /character 6 is not understood/],
    ['('.repeat(60), /nested too deeply/],
    ['x'.repeat(3000), /at most 2000 characters/],
  ] as const)
    it(`is refused in words: ${source.slice(0, 20)}`, () => assert.throws(() => ask(source), words));
});

describe('a hit count', () => {
  it('is a number, or one behind a sign', () => {
    const hits = (text: string): number[] => [1, 2, 3, 4].filter((n) => parseHitCondition(text)(n));
    assert.deepEqual(['2', '== 2', '= 2'].map(hits), [[2], [2], [2]]);
    assert.deepEqual(['>= 3', '>3', '<= 2', '< 2', '%2'].map(hits), [[3, 4], [4], [1, 2], [1], [2, 4]]);
    for (const text of ['', 'two', '% 0', '-1'])
      assert.throws(() => parseHitCondition(text), /a hit count is/);
  });
});
