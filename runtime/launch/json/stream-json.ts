/**
 * JSON of any length, piece by piece, as `JSON.stringify(value, null, 1)` writes it: one string of
 * a million tasks would be longer than a string may be. Each character that cannot be seen is an
 * escape, so that the output is safe for a terminal.
 */
import { printableJson } from '../../trace/format/printable.ts';

/** Pieces are at least so long, but for the last. */
const MIN_PIECE_CHARS = 1 << 16;

/** @param members an object whose lists are gone through once, entry by entry */
export function* streamJson(members: Readonly<Record<string, unknown>>): Generator<string, void, void> {
  let piece = '{';
  let separator = '\n ';
  for (const [key, value] of Object.entries(members)) {
    piece += `${separator}${JSON.stringify(key)}: `;
    separator = ',\n ';
    if (!isList(value)) {
      piece += indented(value, 1);
      continue;
    }
    let before = '[\n  ';
    for (const entry of value) {
      piece += before + indented(entry, 2);
      before = ',\n  ';
      if (piece.length < MIN_PIECE_CHARS) continue;
      yield piece;
      piece = '';
    }
    piece += before.startsWith('[') ? '[]' : '\n ]';
  }
  yield `${piece}\n}\n`;
}

const isList = (value: unknown): value is Iterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.iterator in value;

/** A string in JSON holds no line feed, so that each one begins a line of the layout. */
const indented = (value: unknown, depth: number): string =>
  printableJson(JSON.stringify(value, null, 1)).replaceAll('\n', `\n${' '.repeat(depth)}`);
