import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Piece } from '../../../runtime/trace/graph/piece.ts';
import { sumPieces } from '../../../runtime/trace/graph/time-spent.ts';
import { foldText } from '../../support/fold-text.ts';

const { trace } = foldText(`
  0 0 activationBegin id=1 site="a.ts:1:1 function main" name="main" kind=async-function
  1 0 wait id=1 site="a.ts:3:1 await main | sleep(5)" reason=timer
`);
const piece = (part: Partial<Piece>): Piece => ({
  kind: 'wait',
  row: 0,
  task: 0,
  site: 1,
  reason: 0,
  target: 0,
  spanNs: 0,
  fromNs: 0,
  toNs: 1,
  ...part,
});

describe('the sum of a path’s pieces', () => {
  it('counts a wait once, also where others had the thread in between', () => {
    const pieces = [
      piece({ fromNs: 90, toNs: 100, spanNs: 10 }),
      piece({ fromNs: 80, toNs: 90, kind: 'run', row: 1, task: 1, site: 0, spanNs: 80 }),
      piece({ fromNs: 10, toNs: 80, spanNs: 10 }),
      piece({ fromNs: 5, toNs: 10, spanNs: 5 }),
    ];
    const [waits, runs] = sumPieces(trace, pieces);
    assert.deepEqual([waits!.ns, waits!.count, waits!.longest.fromNs], [85, 2, 10]);
    assert.deepEqual([runs!.ns, runs!.count], [10, 1]);
  });
});
