/**
 * The built `dist/kinds.json` suffices for reading records: the reader below knows the JSON and
 * nothing else of ours, as one in another language would, and reads every byte vector with it.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import * as tables from '../../../runtime/trace/format/kinds.ts';
import { kindsJson, type KindsJson, type PlaceJson } from '../../../runtime/trace/format/kinds-json.ts';
import { tree } from '../../machine/tree.ts';

interface Vectors {
  readonly format: number;
  readonly recordBytes: number;
  readonly vectors: readonly { readonly text: string; readonly hex: readonly string[] }[];
}

const read = (path: string): unknown => JSON.parse(readFileSync(join(tree, path), 'utf8'));
const table = read('dist/kinds.json') as KindsJson;
const { format, recordBytes, vectors } = read('test/vectors/records.json') as Vectors;

/** One record, as the table reads it. */
interface Decoded {
  readonly kind: string;
  readonly lane: number;
  readonly time: bigint;
  /** Fields that are not absent, texts and sites in place of their ids. */
  readonly fields: Readonly<Record<string, number | string>>;
  /** Parts of the flags that are not 0: the value's name, or `true` for a plain bit. */
  readonly flags: Readonly<Record<string, string | true>>;
}

/** Reads records in their order, and remembers the texts and sites that they define. */
class TableReader {
  readonly #kindNames = new Map(Object.entries(table.kinds).map(([name, { number }]) => [number, name]));
  readonly #pieces = new Map<number, Buffer[]>();
  readonly #texts = new Map<number, string>();
  readonly #sites = new Map<number, string>();

  read(record: Buffer): Decoded {
    const number = (place: PlaceJson): number => record.readUIntLE(place.offset, place.bytes);
    const kind = this.#kindNames.get(number(table.common.kind));
    assert.ok(kind !== undefined, `no kind has the number ${number(table.common.kind)}`);
    const spec = table.kinds[kind]!;
    const ids: Record<string, number> = {};
    const fields: Record<string, number | string> = {};
    for (const field of spec.fields) {
      const value = number(field);
      ids[field.name] = value;
      if (value === 0) continue;
      const isText = field.type === 'text';
      fields[field.name] =
        (isText ? this.#texts.get(value) : field.type === 'site' ? this.#sites.get(value) : undefined) ??
        value;
    }
    const flags: Record<string, string | true> = {};
    for (const [name, { bit, bits, enumeration }] of Object.entries(spec.flags)) {
      const value = (number(table.common.flags) >> bit) & (2 ** bits - 1);
      if (value === 0) continue;
      flags[name] = enumeration === null ? true : table.enumerations[enumeration]![value]!;
    }
    if (kind === 'text') {
      const pieces = this.#pieces.get(ids['id']!) ?? [];
      assert.equal(number(table.common.lane), pieces.length, 'the pieces of a text are numbered');
      const stretches = table.text.stretches.map((at) => record.subarray(at.offset, at.offset + at.bytes));
      this.#pieces.set(ids['id']!, [...pieces, Buffer.concat(stretches)]);
      if (flags['last']) {
        const bytes = Buffer.concat(this.#pieces.get(ids['id']!)!);
        this.#texts.set(ids['id']!, bytes.toString('utf8').replace(/\0+$/, ''));
      }
    }
    if (kind === 'site') {
      const { file, line, function: fn = '', text } = fields;
      const role = `${String(flags['role'] ?? '')}${flags['direct'] ? '!' : ''}`;
      const where = `${file}:${line}:${number(table.site.column)} ${role} ${fn}`;
      this.#sites.set(ids['id']!, text === undefined ? where : `${where} | ${text}`);
    }
    const time = record.readBigUInt64LE(table.common.time.offset);
    return { kind, lane: number(table.common.lane), time, fields, flags };
  }
}

/** What a vector's text states: `5000000008 0 wait id=2 site="…" reason=timer direct yield`. */
function stated(text: string): Decoded {
  const [time, lane, kind, ...tokens] = text.match(/(?:[^\s"]|"(?:[^"\\]|\\.)*")+/g)!;
  const isFieldOf = new Set(table.kinds[kind!]!.fields.map(({ name }) => name));
  const fields: Record<string, number | string> = {};
  const flags: Record<string, string | true> = {};
  for (const token of tokens) {
    const at = token.indexOf('=');
    const name = at < 0 ? token : token.slice(0, at);
    const value = at < 0 ? '' : token.slice(at + 1);
    if (at < 0) flags[name] = true;
    // `run` has a field and a part of its flags that are both called `waker`.
    else if (isFieldOf.has(name) && /^(\d|")/.test(value))
      fields[name] = JSON.parse(value) as number | string;
    else flags[name] = value;
  }
  return { kind: kind!, lane: Number(lane), time: BigInt(time!), fields, flags };
}

describe('the table of kinds as JSON', () => {
  it('is written by the build as the source has it', () => {
    const fresh: unknown = JSON.parse(JSON.stringify(kindsJson()));
    assert.deepEqual(table, fresh, 'dist/kinds.json is older than kinds.ts: npm run build');
    assert.deepEqual([table.format, table.recordBytes], [format, recordBytes]);
  });

  it('names every kind and every value that the source names', () => {
    assert.deepEqual(
      Object.entries(table.kinds).map(([name, { number }]) => [name, number]),
      Object.entries(tables.KIND),
    );
    assert.deepEqual(table.enumerations['REASONS'], [...tables.REASONS]);
    const used = Object.values(table.kinds).flatMap(({ flags }) =>
      Object.values(flags).map(({ enumeration }) => enumeration),
    );
    for (const name of used) if (name !== null) assert.ok(table.enumerations[name], name);
  });

  it('has room in the flags for every value, and for each part a place of its own', () => {
    for (const [name, { flags }] of Object.entries(table.kinds)) {
      let taken = 0;
      for (const [part, { bit, bits, enumeration }] of Object.entries(flags)) {
        const mask = (2 ** bits - 1) << bit;
        assert.equal(taken & mask, 0, `${name}.${part} stands on another part`);
        taken |= mask;
        const values = enumeration === null ? 2 : table.enumerations[enumeration]!.length;
        assert.ok(values <= 2 ** bits, `${name}.${part} has ${values} values in ${bits} bits`);
      }
      assert.ok(taken <= 0xff, `the flags of ${name} need more than a byte`);
    }
  });

  for (const { text, hex } of vectors) {
    it(`suffices to read: ${text.slice(0, 60)}`, () => {
      const reader = new TableReader();
      const records = hex.map((bytes) => reader.read(Buffer.from(bytes, 'hex')));
      assert.deepEqual(records.at(-1), stated(text));
    });
  }
});
