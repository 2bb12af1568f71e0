/**
 * The logical lines of a Python source: what stands between brackets, in a long string or behind a
 * backslash belongs to the line before. It reads characters, no grammar, so that a file that is
 * being written can be read, too. Texts and comments are blanked, so that no word in them counts.
 */
export interface LogicalLine {
  /** 0-based; where it begins. */
  readonly line: number;
  /** Columns before its first character; a tab counts up to the next multiple of 8. */
  readonly indent: number;
  /** Without its indent; texts and comments are blanks, and so are the ends of its lines. */
  readonly text: string;
  /** Offset in the source of its first character. */
  readonly start: number;
}

/** Longer sources are not read to their end. */
const MAX_CHARACTERS = 2_000_000;
const TEXT_START = /^(?:[rbuft]|[rb]{2}|[rf]{2}|[rt]{2})?("""|'''|"|')/i;

export function logicalLines(source: string): LogicalLine[] {
  const text = source.slice(0, MAX_CHARACTERS);
  const lines: LogicalLine[] = [];
  let line = 0;
  let begun: { line: number; indent: number; start: number } | null = null;
  let blanked = '';
  let depth = 0;
  const end = (): void => {
    if (begun !== null && blanked.trim() !== '') lines.push({ ...begun, text: blanked.trimEnd() });
    begun = null;
    blanked = '';
  };
  for (let at = 0; at < text.length;) {
    const character = text[at]!;
    if (begun === null && depth === 0) {
      const [space] = /^[ \t\f]*/.exec(text.slice(at, at + 500))!;
      begun = { line, indent: columnsOf(space), start: at + space.length };
      if (space.length > 0) {
        at += space.length;
        continue;
      }
    }
    if (character === '\n') {
      line++;
      at++;
      if (depth === 0) end();
      else blanked += ' ';
    } else if (character === '#') {
      const stop = text.indexOf('\n', at);
      const next = stop < 0 ? text.length : stop;
      blanked += ' '.repeat(next - at);
      at = next;
    } else if (character === '\\' && /^\\\r?\n/.test(text.slice(at, at + 3))) {
      const width = text[at + 1] === '\r' ? 3 : 2;
      blanked += ' '.repeat(width);
      line++;
      at += width;
    } else if (isTextStart(text, at)) {
      const stop = endOfText(text, at);
      const quoted = text.slice(at, stop);
      line += quoted.split('\n').length - 1;
      // One mark stays, so that a text is something.
      blanked += `"${' '.repeat(quoted.length - 1)}`;
      at = stop;
    } else {
      if ('([{'.includes(character)) depth++;
      else if (')]}'.includes(character)) depth = Math.max(0, depth - 1);
      blanked += character === '\r' ? ' ' : character;
      at++;
    }
  }
  end();
  return lines;
}

function columnsOf(space: string): number {
  let columns = 0;
  for (const character of space) {
    if (character === '\t') columns += 8 - (columns % 8);
    else columns = character === '\f' ? 0 : columns + 1;
  }
  return columns;
}

function isTextStart(text: string, at: number): boolean {
  if (!/["'rbuft]/i.test(text[at]!)) return false;
  // The letters of a name are no prefix.
  if (at > 0 && /[\p{L}\p{N}_]/u.test(text[at - 1]!)) return false;
  return TEXT_START.test(text.slice(at, at + 5));
}

/** The offset behind the text that begins here; a short one ends with its line at the latest. */
function endOfText(text: string, at: number): number {
  const [head, quote] = TEXT_START.exec(text.slice(at, at + 5))! as unknown as [string, string];
  for (let i = at + head.length; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (quote.length === 1 && text[i] === '\n') return i;
    else if (text.startsWith(quote, i)) return i + quote.length;
  }
  return text.length;
}
