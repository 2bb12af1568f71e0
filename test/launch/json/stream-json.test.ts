import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { streamJson } from '../../../runtime/launch/json/stream-json.ts';

const whole = (members: Readonly<Record<string, unknown>>): string => [...streamJson(members)].join('');
const asPrinted = (members: object): string => `${JSON.stringify(members, null, 1)}\n`;

describe('JSON in pieces', () => {
  it('is the JSON that one call would make', () => {
    for (const members of [
      { a: 1, list: [], text: 'x\ny', nothing: null },
      { list: [{ a: 1, deep: { b: [1, 2, { c: 'é' }] } }, 2, 'three'], last: { list: [1] } },
      { list: Array.from({ length: 9000 }, (_, i) => ({ i, text: 'a text of some length' })) },
    ])
      assert.equal(whole(members), asPrinted(members));
  });

  it('comes in pieces of a bounded length, and its entries are made one at a time', () => {
    let made = 0;
    const entries = {
      *[Symbol.iterator]() {
        for (let i = 0; i < 100_000; i++) {
          made++;
          yield { i, text: 'a text of some length' };
        }
      },
    };
    const pieces = streamJson({ entries });
    const first = pieces.next().value as string;
    assert.ok(made < 3000, String(made));
    let longest = first.length;
    for (const piece of pieces) longest = Math.max(longest, piece.length);
    assert.equal(made, 100_000);
    assert.ok(longest < 1 << 17, String(longest));
  });

  it('has an escape for each character that cannot be seen', () => {
    const members = { text: '\u009b31m', list: [{ file: 'a\u202eb' }] };
    const json = whole(members);
    assert.doesNotMatch(json, /[\u009b\u202e]/);
    assert.deepEqual(JSON.parse(json), members);
  });
});
