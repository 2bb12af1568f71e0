import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { count, duration, share } from '../../../runtime/trace/words/duration.ts';

describe('durations, counts and shares in words', () => {
  for (const [ns, words] of [
    [0, '0 ns'],
    [850, '850 ns'],
    [999.6, '1.0 µs'],
    [12_300, '12 µs'],
    [3_140_000, '3.1 ms'],
    [340e6, '340 ms'],
    [1.2e9, '1.20 s'],
    [125e9, '2 min 5 s'],
    [43_200e9, '12 h 0 min'],
  ] as const) {
    it(`${ns} ns is ${words}`, () => {
      assert.equal(duration(ns), words);
    });
  }

  it('never rounds something to nothing or a part to the whole', () => {
    assert.deepEqual(
      [share(1, 1000), share(999, 1000), share(1, 2), share(0, 0)],
      ['< 1 %', '> 99 %', '50 %', '0 %'],
    );
    assert.deepEqual([count(1, 'task'), count(12_345, 'task')], ['1 task', '12,345 tasks']);
  });
});
