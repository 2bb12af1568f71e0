import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { findingsOf } from '../../support/findings-of.ts';

/** 200 chunks of one item, one after another in one thread. */
function chunks(workNs: number, gapNs: number, items = 1): string {
  const lines = ['0 0 resourceBegin id=9 name="squares" kind=pool capacity=1 bounded site="a.ts:1:9 call"'];
  let t = 0;
  for (let id = 10; id < 210; id++) {
    lines.push(
      `${t} 1 activationBegin id=${id} name="square" kind=chunk of=9`,
      `${t} 1 chunk id=${id} pool=9 first=${id} items=${items}`,
      `${(t += workNs)} 1 activationEnd id=${id} outcome=ok`,
    );
    t += gapNs;
  }
  return lines.join('\n');
}

describe('chunks of a pool', () => {
  it('are found too small when handing them over takes longer than their work', () => {
    assert.deepEqual(findingsOf(chunks(8_000, 60_000)), [
      'warning small-chunks: pool squares was given 200 chunks of 1 item: each took 8.0 µs, and handing over the next one took 60 µs. ' +
        'Larger chunks would cost less.',
    ]);
    assert.match(findingsOf(chunks(8_000, 60_000, 16))[0]!, /200 chunks of about 16 items/);
  });

  it('are not found when the work takes longer, all is soon done, or the pool had nothing to do', () => {
    assert.deepEqual(findingsOf(chunks(80_000, 60_000)), []);
    assert.deepEqual(findingsOf(chunks(8_000, 40_000)), []);
    assert.deepEqual(findingsOf(chunks(8_000, 2_000_000)), []);
  });
});
