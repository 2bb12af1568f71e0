/**
 * Code may be compiled so that V8 begins to count elsewhere than at line 1, column 1: a test runner
 * hides its wrapper that way. Maps are shifted to match, and an inline source map is meant that
 * way, too.
 */
import { type InputSourceMap } from '../instrument/instrument.ts';
import { type MappedLines, type Segment } from '../instrument/source-map.ts';

export interface TextOffset {
  readonly line: number;
  /** Of the first line alone. */
  readonly column: number;
}

export const NO_OFFSET: TextOffset = { line: 0, column: 0 };

/** A map of what V8 counts, as a map of the text. */
export function inText(map: InputSourceMap | null, { line, column }: TextOffset): InputSourceMap | null {
  if (map === null || (line === 0 && column === 0)) return map;
  const [first = [], ...others] = fromLine(map.lines, line);
  return { ...map, lines: [first.map((segment) => moved(segment, -column)), ...others] };
}

/** A map from one text to another, as a map of what V8 counts in both. */
export function asCounted(lines: MappedLines, { line, column }: TextOffset): MappedLines {
  if (line === 0 && column === 0) return lines;
  const counted = lines.map((segments, index) =>
    segments.map((segment) => {
      const isFirst = segment.originalLine === 0;
      return {
        ...moved(segment, index === 0 ? column : 0),
        originalLine: segment.originalLine + line,
        originalColumn: segment.originalColumn + (isFirst ? column : 0),
      };
    }),
  );
  return fromLine(counted, -line);
}

/** The lines from `line` on; before the first there are empty ones. */
function fromLine(lines: MappedLines, line: number): MappedLines {
  if (line >= 0) return lines.slice(line);
  const empty: readonly (readonly Segment[])[] = Array.from({ length: Math.min(-line, MAX_LINES) }, () => []);
  return [...empty, ...lines];
}

const MAX_LINES = 1_000_000;

function moved(segment: Segment, by: number): Segment {
  return { ...segment, column: segment.column + by };
}
