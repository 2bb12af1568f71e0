import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { roundStep, tickCount } from '../../../media/worker/picture/ruler.ts';

describe('the ticks of the ruler', () => {
  it('are as many as fit', () => {
    assert.equal(tickCount({ startNs: 0, endNs: 1000 }, 100), 10);
    assert.equal(tickCount({ startNs: 5, endNs: 5 }, 100), 0);
  });

  it('have a bound, wherever the view is', () => {
    const far = 2 ** 63;
    for (const endNs of [far + 4096, Number.POSITIVE_INFINITY, Number.NaN, -far])
      assert.ok(tickCount({ startNs: far, endNs }, roundStep(0.05)) <= 2000);
  });
});
