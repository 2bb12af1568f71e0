import assert from 'node:assert/strict';
import { TimeBudget } from '../../../../runtime/agent/node/stack/time-budget.ts';

describe('the time for stacks', () => {
  let nowNs = 0;

  /** How many stacks of 0.8 ms are taken. */
  function spendAll(budget: TimeBudget): number {
    let count = 0;
    while (budget.begin()) {
      nowNs += 0.8e6;
      budget.end();
      count++;
    }
    return count;
  }

  it('is 30 ms at the start, and then three ten-thousandths of what passes', () => {
    const budget = new TimeBudget(
      () => nowNs,
      () => nowNs / 1e6,
    );
    // The last one begins with a little, and is owed.
    assert.equal(spendAll(budget), 38);
    let count = 0;
    for (let second = 0; second < 40; second++) {
      nowNs += 1e9;
      count += spendAll(budget);
    }
    assert.ok(count >= 14 && count <= 16, String(count));
    // More than 5 ms is never saved up.
    nowNs += 3600e9;
    assert.equal(spendAll(budget), 7);
  });

  it('does not count what another program had the processor for', () => {
    const budget = new TimeBudget(
      () => nowNs,
      () => nowNs / 1e6,
    );
    assert.equal(budget.begin(), true);
    nowNs += 500e6;
    budget.end();
    assert.equal(budget.begin(), true);
  });

  it('is charged with what goes on although nothing is left, and with no more', () => {
    nowNs = 0;
    const budget = new TimeBudget(
      () => nowNs,
      () => nowNs / 1e6,
    );
    spendAll(budget);
    nowNs += 20e6;
    budget.beginAnyway();
    nowNs += 10e3;
    budget.end();
    // 0.4 ms were owed, and 0.01 ms more now: 1.4 s bring 0.42 ms.
    nowNs += 1400e6;
    assert.equal(budget.begin(), true);
  });
});
