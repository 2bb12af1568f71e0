/**
 * Records as text a person can read and write: one line a record, driven by the table of
 * kinds alone. Golden tests compare it, tests of the fold are written in it.
 *
 *   10 0 activationBegin id=2 parent=1 site="a.ts:3:5 function f" name="f" kind=async-function
 *   │  │ │               └ fields that are not absent, then flags; texts and sites stand in place
 *   │  │ └ kind            of their ids, so `text` and `site` records have no line of their own
 *   │  └ lane
 *   └ t, ns from the first record (or the number of the line, with `times: 'order'`)
 *
 * A site reads "file:line:column role function | awaited text", its role followed by "!" when the
 * operand is a call, and by the parser's note: `await!(in-loop) f | g(x)`. fromText ∘ toText =
 * identity, but for unused definitions and for the ids of texts and sites.
 */
import type { Field, FlagPart, KindSpec } from './kinds.ts';
import { FLAG, KIND, KINDS, KIND_ROWS, SITE_NOTES, SITE_ROLES, flagBits, flagReader } from './kinds.ts';
import { flagsOf, head, kindOf, laneOf, RECORD_BYTES, TEXT_PIECE_BYTES } from './layout.ts';
import { decodeUtf8, encodeUtf8 } from './utf8.ts';

const noteOf = flagReader(KINDS.site.flags.note);

export interface TextOptions {
  /** `ns`: from the first record. `order`: the number of the line. `none`: no time at all. */
  readonly times?: 'ns' | 'order' | 'none';
  /** Number tasks and resources from 1 in the order of their first mention. */
  readonly renumber?: boolean;
  /** Rewrites file names, e.g. to their last part. */
  readonly file?: (file: string) => string;
  /** Kinds to leave out, e.g. `clock`. */
  readonly without?: readonly string[];
}

export function toText(records: Uint8Array, options: TextOptions = {}): string {
  const { times = 'ns', renumber = false, file = (name: string) => name, without = [] } = options;
  const view = new DataView(records.buffer, records.byteOffset, records.byteLength);
  const texts = new Map<number, string>();
  const pieces = new Map<number, number[]>();
  const sites = new Map<number, string>();
  const numbers = new Map<number, number>();
  const lines: string[] = [];
  let base: bigint | null = null;

  const idText = (id: number): string => {
    if (!renumber) return String(id);
    let number = numbers.get(id);
    if (number === undefined) numbers.set(id, (number = numbers.size + 1));
    return String(number);
  };
  const fieldText = (field: Field, value: number): string => {
    switch (field.type) {
      case 'text':
        return JSON.stringify(texts.get(value) ?? `?${value}`);
      case 'site':
        return JSON.stringify(sites.get(value) ?? `?${value}`);
      case 'task':
      case 'resource':
      case 'task-or-resource':
        return idText(value);
      case 'number':
      case 'duration':
      case 'low':
      case 'high':
      case 'bytes':
        return String(value);
    }
  };

  for (let at = 0; at + RECORD_BYTES <= records.length; at += RECORD_BYTES) {
    const word = (i: number): number => view.getUint32(at + i * 4, true);
    const headWord = word(7);
    const flags = flagsOf(headWord);
    const row = KIND_ROWS[kindOf(headWord) - 1];
    if (!row) {
      lines.push(`# ${kindOf(headWord) === 0 ? 'a hole' : `kind ${kindOf(headWord)}`}`);
      continue;
    }
    if (row.number === KIND.text) {
      const bytes = pieces.get(word(2)) ?? [];
      for (let i = 0; i < 8; i++) bytes.push(records[at + i]!);
      for (let i = 12; i < 28; i++) bytes.push(records[at + i]!);
      pieces.set(word(2), bytes);
      if ((flags & FLAG.textLast) === 0) continue;
      while (bytes.at(-1) === 0) bytes.pop();
      texts.set(word(2), decodeUtf8(Uint8Array.from(bytes)));
      continue;
    }
    if (row.number === KIND.site) {
      const role = SITE_ROLES[flags & 15] ?? '?';
      const direct = (flags & FLAG.siteDirect) !== 0 ? '!' : '';
      const note = SITE_NOTES[noteOf(flags)] ?? '';
      const text = texts.get(word(6)) ?? '';
      const where = `${file(texts.get(word(3)) ?? '')}:${word(4)}:${word(0)}`;
      sites.set(
        word(2),
        `${where} ${role}${direct}${note && `(${note})`} ${texts.get(word(5)) ?? ''}${text === '' ? '' : ` | ${text}`}`,
      );
      continue;
    }
    base ??= view.getBigUint64(at, true);
    if (without.includes(row.name)) continue;
    const parts: string[] = [];
    if (times === 'ns') parts.push(String(view.getBigUint64(at, true) - base));
    else if (times === 'order') parts.push(String(lines.length + 1));
    parts.push(String(laneOf(headWord)), row.name);
    for (const [field, index] of fieldsOf(row)) {
      const value = word(index);
      if (value !== 0) parts.push(`${field.name}=${fieldText(field, value)}`);
    }
    for (const [name, part] of Object.entries(row.flags)) {
      const value = (flags >> part.bit) & ((1 << part.bits) - 1);
      if (value === 0) continue;
      if (part.bits === 1) parts.push(name);
      else parts.push(`${name}=${part.names?.[value] ?? value}`);
    }
    lines.push(parts.join(' '));
  }
  return lines.join('\n') + (lines.length > 0 ? '\n' : '');
}

function* fieldsOf(row: KindSpec): Iterable<[Field, number]> {
  const fields = [row.task, row.a, row.b, row.c, row.d];
  for (let i = 0; i < fields.length; i++) {
    const field = fields[i];
    if (field) yield [field, i + 2];
  }
}

/**
 * The records that such a text stands for, definitions before their first use. Lines that
 * are empty or begin with `#` are passed over.
 * @throws Error naming the line that cannot be read: this is for tests and tools, not for foreign
 *   input.
 */
export function fromText(text: string, startNs = 0n): Uint8Array {
  const records: Uint8Array[] = [];
  const texts = new Map<string, number>();
  const sites = new Map<string, number>();

  const emit = (
    t: bigint,
    words: readonly [number, number, number, number, number],
    headWord: number,
  ): void => {
    const bytes = new Uint8Array(RECORD_BYTES);
    const view = new DataView(bytes.buffer);
    view.setBigUint64(0, t, true);
    words.forEach((value, i) => {
      view.setUint32(8 + i * 4, value, true);
    });
    view.setUint32(28, headWord, true);
    records.push(bytes);
  };
  const textId = (value: string): number => {
    if (value === '') return 0;
    const known = texts.get(value);
    if (known !== undefined) return known;
    const id = texts.size + 1;
    texts.set(value, id);
    const bytes = encodeUtf8(value);
    const count = Math.max(1, Math.ceil(bytes.length / TEXT_PIECE_BYTES));
    for (let piece = 0; piece < count; piece++) {
      const record = new Uint8Array(RECORD_BYTES);
      const slice = bytes.subarray(piece * TEXT_PIECE_BYTES, (piece + 1) * TEXT_PIECE_BYTES);
      record.set(slice.subarray(0, 8), 0);
      record.set(slice.subarray(8), 12);
      const view = new DataView(record.buffer);
      view.setUint32(8, id, true);
      view.setUint32(28, head(KIND.text, piece === count - 1 ? FLAG.textLast : 0, piece), true);
      records.push(record);
    }
    return id;
  };
  const siteId = (value: string, line: string): number => {
    const known = sites.get(value);
    if (known !== undefined) return known;
    const match = /^(.*):(\d+):(\d+) ([a-z-]*)(!?)(?:\(([a-z-]+)\))? ?(.*?)(?: \| (.*))?$/.exec(value);
    if (!match) throw new Error(`not a site: ${value} in "${line}"`);
    const role = (SITE_ROLES as readonly string[]).indexOf(match[4]!);
    const words = [
      sites.size + 1,
      textId(match[1]!),
      Number(match[2]),
      textId(match[7]!),
      textId(match[8] ?? ''),
    ] as const;
    sites.set(value, words[0]);
    const note = flagBits(KINDS.site.flags.note, flagValue(KINDS.site.flags.note, match[6], line));
    const direct = match[5] ? FLAG.siteDirect : 0;
    emit(BigInt(match[3]!), words, head(KIND.site, role | direct | note, 0));
    return words[0];
  };

  for (const line of text.split('\n').map((l) => l.trim())) {
    if (line === '' || line.startsWith('#')) continue;
    const tokens = line.match(/(?:[^\s"]|"(?:[^"\\]|\\.)*")+/g) ?? [];
    const [time, lane, name, ...rest] = tokens;
    const row = KIND_ROWS.find((r) => r.name === name);
    if (!row || !/^\d+$/.test(time ?? '') || !/^\d+$/.test(lane ?? ''))
      throw new Error(`not a record: "${line}"`);
    const words: [number, number, number, number, number] = [0, 0, 0, 0, 0];
    let flags = 0;
    for (const token of rest) {
      const [key, raw] = splitOnce(token);
      const field = [...fieldsOf(row)].find(
        ([f]) => f.name === key && !(key in row.flags && raw === undefined),
      );
      const part = row.flags[key];
      if (field && raw !== undefined && !(part && !/^["\d]/.test(raw))) {
        const type = field[0].type;
        const value =
          type === 'text'
            ? textId(JSON.parse(raw) as string)
            : type === 'site'
              ? siteId(JSON.parse(raw) as string, line)
              : Number(raw);
        words[field[1] - 2] = value;
      } else if (part) flags |= flagValue(part, raw, line) << part.bit;
      else throw new Error(`"${row.name}" has no "${key}": "${line}"`);
    }
    emit(startNs + BigInt(time!), words, head(row.number, flags, Number(lane)));
  }

  const all = new Uint8Array(records.length * RECORD_BYTES);
  records.forEach((record, i) => {
    all.set(record, i * RECORD_BYTES);
  });
  return all;
}

function splitOnce(token: string): [string, string | undefined] {
  const at = token.indexOf('=');
  return at < 0 ? [token, undefined] : [token.slice(0, at), token.slice(at + 1)];
}

function flagValue(part: FlagPart, raw: string | undefined, line: string): number {
  if (part.bits === 1 && raw === undefined) return 1;
  const value = part.names?.indexOf(raw ?? '') ?? Number(raw);
  if (value < 0 || Number.isNaN(value))
    throw new Error(`"${raw}" is not one of ${part.names?.join(', ')}: "${line}"`);
  return value;
}
