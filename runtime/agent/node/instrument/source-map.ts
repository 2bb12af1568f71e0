/**
 * Source maps, version 3: writing, reading and chaining. It supports what the instrumentation
 * needs: no names, no sections.
 */

/** Generated and original positions are 0-based; columns in UTF-16 units. */
export interface Segment {
  readonly column: number;
  readonly source: number;
  readonly originalLine: number;
  readonly originalColumn: number;
}

/** Segments by generated line, in the order of their columns. */
export type MappedLines = readonly (readonly Segment[])[];

export interface SourceMap {
  readonly version: 3;
  readonly sources: readonly string[];
  readonly sourceRoot?: string;
  readonly sourcesContent?: readonly (string | null)[];
  readonly names: readonly string[];
  readonly mappings: string;
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUES = new Uint8Array(128).fill(255);
for (let i = 0; i < DIGITS.length; i++) VALUES[DIGITS.charCodeAt(i)] = i;

export function encodeMappings(lines: MappedLines): string {
  let text = '';
  let source = 0;
  let originalLine = 0;
  let originalColumn = 0;
  for (let i = 0; i < lines.length; i++) {
    if (i > 0) text += ';';
    let column = 0;
    let first = true;
    for (const segment of lines[i]!) {
      if (!first) text += ',';
      first = false;
      text +=
        vlq(segment.column - column) +
        vlq(segment.source - source) +
        vlq(segment.originalLine - originalLine) +
        vlq(segment.originalColumn - originalColumn);
      column = segment.column;
      source = segment.source;
      originalLine = segment.originalLine;
      originalColumn = segment.originalColumn;
    }
  }
  return text;
}

/** @throws RangeError on text that is no mapping. */
export function decodeMappings(mappings: string): MappedLines {
  const lines: Segment[][] = [[]];
  const fields = [0, 0, 0, 0, 0];
  let field = 0;
  let value = 0;
  let shift = 0;
  const endSegment = (): void => {
    if (field >= 4) {
      const [column, source, originalLine, originalColumn] = fields as [number, number, number, number];
      lines.at(-1)!.push({ column, source, originalLine, originalColumn });
    }
    field = 0;
  };
  for (let i = 0; i < mappings.length; i++) {
    const code = mappings.charCodeAt(i);
    if (code === 44 /* , */) endSegment();
    else if (code === 59 /* ; */) {
      endSegment();
      lines.push([]);
      fields[0] = 0;
    } else {
      const digit = code < 128 ? VALUES[code]! : 255;
      if (digit === 255 || field > 4) throw new RangeError(`no source mapping at offset ${i}`);
      value += (digit & 31) * 2 ** shift;
      shift += 5;
      if (digit & 32) continue;
      fields[field]! += value & 1 ? -Math.floor(value / 2) : value / 2;
      field++;
      value = 0;
      shift = 0;
    }
  }
  endSegment();
  return lines;
}

/** The segment that covers a generated position: the last that begins at or before it. */
export function segmentAt(lines: MappedLines, line: number, column: number): Segment | null {
  const segments = lines[line];
  if (segments === undefined || segments.length === 0) return null;
  let low = 0;
  let high = segments.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (segments[middle]!.column <= column) low = middle;
    else high = middle - 1;
  }
  const segment = segments[low]!;
  return segment.column <= column ? segment : null;
}

/**
 * `outer` maps C to B and `inner` maps B to A: the result maps C to A. Positions that `inner` does
 * not know are left out.
 */
export function chainMappings(outer: MappedLines, inner: MappedLines): MappedLines {
  return outer.map((segments) => {
    const result: Segment[] = [];
    for (const { column, originalLine, originalColumn } of segments) {
      const origin = segmentAt(inner, originalLine, originalColumn);
      if (origin) result.push({ ...origin, column });
    }
    return result;
  });
}

function vlq(value: number): string {
  let rest = value < 0 ? -value * 2 + 1 : value * 2;
  let text = '';
  do {
    const digit = rest & 31;
    rest >>>= 5;
    text += DIGITS[rest > 0 ? digit | 32 : digit];
  } while (rest > 0);
  return text;
}
