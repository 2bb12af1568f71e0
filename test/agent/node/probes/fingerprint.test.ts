/** Texts by which plain objects are told apart. */
import { equal, notEqual } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { fingerprintOf } from '../../../../runtime/agent/node/probes/fingerprint.ts';

describe('a fingerprint', () => {
  it('is the same of equal plain values, and another of others', () => {
    const of = (n: number): unknown => ({ n, list: [1, 'x', null, { deep: true }] });
    equal(fingerprintOf(of(1)), fingerprintOf(of(1)));
    notEqual(fingerprintOf(of(1)), fingerprintOf(of(2)));
    notEqual(fingerprintOf(['1']), fingerprintOf([1]));
    notEqual(fingerprintOf({ a: 1 }), fingerprintOf({ a: 1, b: undefined }));
  });

  it('is none of what runs code when it is read, of other classes and of what is large', () => {
    let calls = 0;
    const accessor = {
      get n() {
        return ++calls;
      },
    };
    const proxy = new Proxy({}, { ownKeys: () => (calls++, []) });
    for (const value of [
      accessor,
      proxy,
      { proxy },
      new Map(),
      new Date(0),
      () => 1,
      Symbol('s'),
      'x'.repeat(5000),
    ])
      equal(fingerprintOf(value), null);
    const circle: { self?: unknown } = {};
    circle.self = circle;
    equal(fingerprintOf(circle), null);
    equal(fingerprintOf(Array.from({ length: 10_000 }, (_, i) => i)), null);
    equal(fingerprintOf(Array.from({ length: 1001 }, () => 1)), null);
    equal(calls, 0);
  });
});
