import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { NOT_COPIED, snapshot } from '../../../runtime/parallel/transport/snapshot.ts';

describe('a snapshot', () => {
  it('equals the structured clone of any plain value, or is refused', () => {
    fc.assert(
      fc.property(
        fc.anything({ withDate: true, withMap: true, withSet: true, withTypedArray: true, withBigInt: true }),
        (value) => {
          const copy = snapshot(value);
          if (copy !== NOT_COPIED) assert.deepEqual(structuredClone(copy), structuredClone(value));
        },
      ),
      { numRuns: 2000, seed: 1 },
    );
  });

  it('keeps the identity of objects within the value, circles included', () => {
    const inner: { self?: unknown } = {};
    inner.self = inner;
    const buffer = new ArrayBuffer(8);
    const value = { a: inner, b: [inner], bytes: new Uint8Array(buffer), numbers: new Float64Array(buffer) };
    const copy = snapshot(value) as typeof value;
    assert.notEqual(copy.a, inner);
    assert.equal(copy.a, copy.b[0]);
    assert.equal(copy.a.self, copy.a);
    assert.equal(copy.bytes.buffer, copy.numbers.buffer);
    assert.notEqual(copy.bytes.buffer, buffer);
  });

  const getter = {
    get broken(): never {
      throw new RangeError('broken');
    },
  };
  const refused: [string, unknown][] = [
    ['more than 64 parts', Array.from({ length: 65 }, () => 0)],
    ['an array with holes', [1, , 3]], // oxlint-disable-line no-sparse-arrays
    ['an array with properties of its own', /b/.exec('abc')],
    ['an object of a class', new (class Basket {})()],
    ['an error', new Error('an error')],
    ['a part of a buffer', new Uint8Array(new ArrayBuffer(8), 4)],
    ['a large buffer', new Uint8Array(4097)],
    ['a function inside', { call: () => 0 }],
    ['a getter that throws', getter],
    ['a proxy', new Proxy({}, {})],
  ];
  for (const [what, value] of refused) it(`refuses ${what}`, () => assert.equal(snapshot(value), NOT_COPIED));

  it('shares memory that threads share', () => {
    const words = new Int32Array(new SharedArrayBuffer(4));
    assert.equal((snapshot({ words }) as { words: unknown }).words, words);
  });
});
