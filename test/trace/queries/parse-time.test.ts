import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { parseTime } from '../../../runtime/trace/queries/parse-time.ts';

describe('a time as a person writes it', () => {
  const times: readonly (readonly [string, number | null])[] = [
    ['1500', 1500],
    ['0', 0],
    ['12ns', 12],
    ['1.5us', 1500],
    ['2µs', 2000],
    ['20 ms', 20_000_000],
    ['1.25s', 1_250_000_000],
    [' 3 s ', 3_000_000_000],
    ['', null],
    ['-1s', null],
    ['1h', null],
    ['1e3', null],
    ['ms', null],
    ['999999999999999999s', null],
  ];
  for (const [text, ns] of times) {
    it(`"${text}" is ${ns === null ? 'none' : `${ns} ns`}`, () => assert.equal(parseTime(text), ns));
  }
});
