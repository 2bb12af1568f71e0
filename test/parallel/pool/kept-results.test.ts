/** Whoever keeps the result of a call does not keep what the call was given. */
import { strict as assert } from 'node:assert';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, it } from 'mocha';
import { gather, Pool } from '../../../runtime/index.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

describe('A result of a pool', () => {
  it('keeps the arguments of its call only until that has ended', async () => {
    await using pool = new Pool({ size: 1 });
    const given: WeakRef<object>[] = [];
    const results = [false, true, false].map((fails) => {
      const bytes = new Uint8Array(1 << 16);
      given.push(new WeakRef(bytes));
      return pool.apply(count, [bytes, fails]);
    });
    const outcomes = await gather(results, { returnErrors: true });
    assert.deepEqual(
      outcomes.map((outcome) => (outcome instanceof Error ? outcome.message : outcome)),
      [1 << 16, 'uncounted', 1 << 16],
    );
    await new Promise((done) => setImmediate(done));
    collect();
    assert.deepEqual(
      given.map((ref) => ref.deref() === undefined),
      [true, true, true],
    );
    assert.equal(results.length, 3);
  });
});

const count = (bytes: Uint8Array, fails: boolean): number => {
  if (fails) throw new Error('uncounted');
  return bytes.length;
};
