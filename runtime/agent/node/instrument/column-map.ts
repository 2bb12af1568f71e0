/**
 * From the emitted text back to the user's: the lines are the same, and the columns shift by what
 * was inserted. There is a segment at every token, because Node shows the position of the segment
 * and not of the column within it.
 */
import { type Edits } from './edits.ts';
import { type MappedLines, type Segment } from './source-map.ts';

export function columnMap(edits: Edits, lineStarts: readonly number[]): MappedLines {
  const insertions = edits.insertions();
  const lines: Segment[][] = [];
  let next = 0;
  for (let line = 0; line < lineStarts.length; line++) {
    const start = lineStarts[line]!;
    const end = lineStarts[line + 1] ?? edits.source.length + 1;
    const segments: Segment[] = [];
    let shift = 0;
    let inToken = false;
    for (let at = start; at < end; at++) {
      let inserted = false;
      let origin = at;
      while (next < insertions.length && insertions[next]!.offset === at) {
        const { text, calleeOffset, exprOffset } = insertions[next]!;
        if (exprOffset !== null && exprOffset >= start)
          segments.push({ ...segment(line, at - start, shift), originalColumn: exprOffset - start });
        else if (!inserted) segments.push(segment(line, at - start, shift));
        inserted = true;
        shift += text.length;
        origin = calleeOffset ?? origin;
        next++;
      }
      const kind = kindOf(edits.source.charCodeAt(at));
      if (at === start || inserted || kind === SIGN || (kind === WORD && !inToken)) {
        segments.push({ ...segment(line, at - start, shift), originalColumn: origin - start });
      }
      inToken = kind === WORD;
    }
    lines.push(segments);
  }
  return lines;
}

function segment(line: number, column: number, shift: number): Segment {
  return { column: column + shift, source: 0, originalLine: line, originalColumn: column };
}

/**
 * A character at which no call, assignment, `throw` or `new` begins: no position ever points there.
 */
const NONE = 0;
const SIGN = 1;
const WORD = 2;
const KINDS = Uint8Array.from({ length: 128 }, (_, code) => {
  const char = String.fromCharCode(code);
  if (/[\w$]/.test(char)) return WORD;
  return '\t\n\r ,;.)}]:'.includes(char) ? NONE : SIGN;
});

function kindOf(code: number): number {
  // NaN is the end of the text. Beyond ASCII, characters count as letters.
  return code < 128 ? KINDS[code]! : code >= 128 ? WORD : NONE;
}
