import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { orderSteps } from '../../runtime/debug/order-steps.ts';
import { Random } from '../fuzz/random.ts';

describe('the order of steps', () => {
  it('is that of time and rank, whatever the order in which they came', () => {
    for (let seed = 1; seed <= 50; seed++) {
      const random = new Random(seed);
      const count = random.below(200);
      const t = Float64Array.from({ length: count }, () => random.below(40));
      const rank = Float64Array.from({ length: count }, (_, i) => i - (random.isOneOf(5) ? 3.5 : 0));
      const steps = Uint32Array.from({ length: count }, (_, i) => i);
      orderSteps({ t, rank }, steps);
      const expected = [...steps].sort((a, b) => t[a]! - t[b]! || rank[a]! - rank[b]!);
      assert.deepEqual([...steps], expected, `seed ${seed}`);
      assert.equal(new Set(steps).size, count);
    }
  });
});
