import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { KIND_ROWS } from '../../../runtime/trace/format/kinds.ts';
import { fromText, toText } from '../../../runtime/trace/format/text.ts';
import { tree } from '../../machine/tree.ts';

interface Vectors {
  readonly vectors: readonly { readonly text: string; readonly hex: readonly string[] }[];
}

const { vectors } = JSON.parse(readFileSync(join(tree, 'test/vectors/records.json'), 'utf8')) as Vectors;

describe('records as text', () => {
  it('has kinds numbered without a gap, each field named once', () => {
    KIND_ROWS.forEach((row, i) => {
      assert.equal(row.number, i + 1);
      const names = [row.task, row.a, row.b, row.c, row.d].flatMap((f) =>
        f && f.name !== '' ? [f.name] : [],
      );
      assert.equal(new Set(names).size, names.length, row.name);
    });
  });

  it('has a vector of every kind', () => {
    const seen = new Set(
      vectors.flatMap(({ hex }) => hex.map((bytes) => Number.parseInt(bytes.slice(62), 16))),
    );
    assert.deepEqual(
      [...seen].sort((a, b) => a - b),
      KIND_ROWS.map((row) => row.number),
    );
  });

  for (const { text, hex } of vectors) {
    it(`writes and reads: ${text.slice(0, 60)}`, () => {
      const bytes = Uint8Array.from(Buffer.from(hex.join(''), 'hex'));
      assert.deepEqual(fromText(text), bytes);
      const [time, ...rest] = text.split(' ');
      assert.equal(toText(bytes), `0 ${rest.join(' ')}\n`, `t ${time}`);
    });
  }

  it('numbers ids in the order of their first mention and leaves out what it is told to', () => {
    const records = fromText(`
      5 0 clock wall=1
      5 0 activationBegin id=70 name="a" kind=main
      9 0 wake woken=30 waker=70
    `);
    assert.equal(
      toText(records, { times: 'order', renumber: true, without: ['clock'] }),
      '1 0 activationBegin id=1 name="a" kind=main\n2 0 wake woken=2 waker=1\n',
    );
  });
});
