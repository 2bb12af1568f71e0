import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { BlockBatch, GATHER_MS, MAX_GATHERED_BYTES } from '../../../media/page/block-batch.ts';

/** A batch and a clock that a test turns by hand. */
function makeBatch() {
  let nowMs = 1000;
  let due: (() => void) | null = null;
  const sent: string[] = [];
  const batch = new BlockBatch(
    (blocks) => sent.push(blocks.map(({ part, bytes }) => `${part}: ${bytes.byteLength}`).join(', ')),
    { now: () => nowMs, after: (_ms, run) => (due = run) },
  );
  const push = (part: number, bytes: number): void => batch.push({ part, bytes: new ArrayBuffer(bytes) });
  const turn = (ms: number): void => {
    nowMs += ms;
    const run = due;
    due = null;
    run?.();
  };
  return { batch, push, turn, sent };
}

describe('Blocks on their way to the decoder', () => {
  it('go on at once after a rest, and then together', () => {
    const { push, turn, sent } = makeBatch();
    push(0, 10);
    push(0, 20);
    push(1, 30);
    assert.deepEqual(sent, ['0: 10']);
    turn(GATHER_MS);
    assert.deepEqual(sent, ['0: 10', '0: 20, 1: 30']);
  });

  it('wait for nothing where they are large', () => {
    const { push, sent } = makeBatch();
    for (let i = 0; i < 3; i++) push(0, MAX_GATHERED_BYTES);
    assert.equal(sent.length, 3);
  });

  it('are gone with their trace, and all there at its end', () => {
    const { batch, push, turn, sent } = makeBatch();
    push(0, 1);
    push(0, 2);
    batch.clear();
    turn(GATHER_MS);
    push(0, 3);
    push(0, 4);
    batch.flush();
    assert.deepEqual(sent, ['0: 1', '0: 3', '0: 4']);
  });
});
