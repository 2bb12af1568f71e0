/**
 * The table of kinds as plain data, for readers and writers in other languages. The build writes it
 * to `dist/kinds.json`. It says everything that decoding a record needs: where each field stands,
 * what each kind calls it, and what the parts of the flags byte mean. It holds no second table:
 * all that it says comes from `kinds.ts`, `enumerations.ts` and `layout.ts`.
 */
import * as enumerationTables from './enumerations.ts';
import { KIND_ROWS, UNIT_NS, UNITS, type FieldType, type FlagPart, type NamedKind } from './kinds.ts';
import { RECORD_BYTES, TEXT_MAX_BYTES, TEXT_PIECE_BYTES, W } from './layout.ts';
import { FORMAT_VERSION } from './part.ts';

/** Where something stands in a record: bytes from the record's beginning, and how many. */
export interface PlaceJson {
  readonly offset: number;
  readonly bytes: number;
}

export interface FieldJson extends PlaceJson {
  readonly name: string;
  readonly type: FieldType;
}

export interface FlagJson {
  /** The lowest bit of the part, and how many bits it has. */
  readonly bit: number;
  readonly bits: number;
  /** The enumeration whose index the value is; null: a plain bit. */
  readonly enumeration: string | null;
}

export interface KindJson {
  readonly number: number;
  readonly says: string;
  /** Unsigned, little endian; 0: absent. */
  readonly fields: readonly FieldJson[];
  readonly flags: Readonly<Record<string, FlagJson>>;
}

export interface KindsJson {
  readonly format: number;
  readonly recordBytes: number;
  /** What stands at the same place in every kind but `text` and `site`, which have no time. */
  readonly common: Readonly<Record<'time' | 'lane' | 'flags' | 'kind', PlaceJson>>;
  /**
   * A text comes in pieces with one id, numbered from 0; the last has the flag `last` and is padded
   * with NUL. The bytes of a piece stand in two stretches, and its number in the place of the lane.
   */
  readonly text: {
    readonly pieceBytes: number;
    readonly maxBytes: number;
    readonly stretches: readonly PlaceJson[];
  };
  /** Fields of a site that stand in the place of the time. */
  readonly site: { readonly column: PlaceJson; readonly lineHash: PlaceJson };
  readonly unitNs: Readonly<Record<string, number>>;
  /** Names by number, from 0 on. */
  readonly enumerations: Readonly<Record<string, readonly string[]>>;
  readonly kinds: Readonly<Record<string, KindJson>>;
}

/** @throws Error when a flag part names values that are no exported enumeration. */
export function kindsJson(): KindsJson {
  const enumerations = new Map(Object.entries<unknown>(enumerationTables).filter(isEnumeration));
  const nameOfEnumeration = new Map([...enumerations].map(([name, values]) => [values, name] as const));
  return {
    format: FORMAT_VERSION,
    recordBytes: RECORD_BYTES,
    common: {
      time: { offset: 4 * W.tLow, bytes: 8 },
      lane: { offset: 4 * W.head, bytes: 2 },
      flags: { offset: 4 * W.head + 2, bytes: 1 },
      kind: { offset: 4 * W.head + 3, bytes: 1 },
    },
    text: {
      pieceBytes: TEXT_PIECE_BYTES,
      maxBytes: TEXT_MAX_BYTES,
      stretches: [
        { offset: 4 * W.tLow, bytes: 8 },
        { offset: 4 * W.a, bytes: TEXT_PIECE_BYTES - 8 },
      ],
    },
    site: {
      column: { offset: 4 * W.tLow, bytes: 4 },
      lineHash: { offset: 4 * W.tHigh, bytes: 4 },
    },
    unitNs: Object.fromEntries(UNITS.map((unit, i) => [unit, UNIT_NS[i]!])),
    enumerations: Object.fromEntries(enumerations),
    kinds: Object.fromEntries(KIND_ROWS.map((row) => [row.name, kindJson(row, nameOfEnumeration)])),
  };
}

function kindJson(row: NamedKind, nameOfEnumeration: ReadonlyMap<readonly string[], string>): KindJson {
  const fields = (['task', 'a', 'b', 'c', 'd'] as const).flatMap((place) => {
    const field = row[place];
    // The bytes of a text have no names: `text.stretches` says where they stand.
    if (field === undefined || field.type === 'bytes') return [];
    return [{ name: field.name, type: field.type, offset: 4 * W[place], bytes: 4 }];
  });
  const flags = Object.entries<FlagPart>(row.flags).map(([name, { bit, bits, names }]) => {
    const enumeration = names === undefined ? null : nameOfEnumeration.get(names);
    if (enumeration === undefined) throw new Error(`${row.name}.${name} has no exported enumeration`);
    return [name, { bit, bits, enumeration }] as const;
  });
  return { number: row.number, says: row.says, fields, flags: Object.fromEntries(flags) };
}

function isEnumeration(entry: [string, unknown]): entry is [string, readonly string[]] {
  const [, value] = entry;
  return Array.isArray(value) && value.every((name) => typeof name === 'string');
}
