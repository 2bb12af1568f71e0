import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { byteSize } from '../../../runtime/parallel/transport/byte-size.ts';

describe('the size of items', () => {
  const buffer = new ArrayBuffer(1000);
  const rows: [string, number, readonly unknown[]][] = [
    ['8 bytes for a number, and for what is not looked at', 24, [1, { a: 1 }, null]],
    ['a character a byte', 5, ['hello']],
    ['all of the buffer of a view', 1000, [new Uint8Array(buffer, 10, 1)]],
    ['a buffer', 1000, [buffer]],
    ['nothing for memory that is shared', 16, [new Uint8Array(new SharedArrayBuffer(1000)), 1]],
    ['the parts of a list', 1013, [[buffer, 'hello', 1]]],
    ['8 bytes for each item of a list in a list', 80, [[Array(10)]]],
  ];
  for (const [counts, bytes, items] of rows)
    it(`counts ${counts}`, () => assert.equal(byteSize(items), bytes));

  it('counts a block of numbers', () => assert.equal(byteSize(new Float64Array(10)), 80));
});
