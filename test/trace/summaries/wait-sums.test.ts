import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { foldText } from '../../support/fold-text.ts';

describe('the sums of waits', () => {
  const handOver = `
    0 0 activationBegin id=1 name="consumer" kind=async-function
    1 0 wait id=1 site="a.ts:3:5 await! consumer | queue.get()" reason=future
    2 0 activationBegin id=2 name="producer" kind=async-function
    1100000000 0 wait id=2 site="a.ts:9:5 await! producer | tick()" reason=value
    1100000001 0 wake woken=1 waker=2
    1200000000 0 run id=1 waker=2
  `;

  it('say how long was waited, and how much of that is explained', () => {
    const { sums } = foldText(handOver);
    assert.deepEqual(
      [sums.count, sums.totalNs, sums.wokenNs, sums.longest(1)[0]?.row],
      [1, 1100000000, 1100000000, 0],
    );
  });
});
