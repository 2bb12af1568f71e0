/**
 * Changes to a source text that never move a line: text without line breaks is inserted, and
 * characters are overwritten by as many blanks. The instrumentation may do nothing else to a file.
 * So a line number in the emitted text is a line number in the user's; only columns need a map.
 */
export class Edits {
  readonly source: string;
  readonly #inserts: Insertion[] = [];
  readonly #blanks: { from: number; to: number }[] = [];
  readonly #characters: { offset: number; char: string }[] = [];

  constructor(source: string) {
    this.source = source;
  }

  get untouched(): boolean {
    return this.#inserts.length + this.#blanks.length + this.#characters.length === 0;
  }

  /** The insertion made last. */
  get last(): Insertion | undefined {
    return this.#inserts.at(-1);
  }

  /** The stretch blanked last: it tells whether the end of a statement vanished. */
  get lastBlank(): { readonly from: number; readonly to: number } | undefined {
    return this.#blanks.at(-1);
  }

  /**
   * Inserts at an offset. Insertions at the same offset stay in the order of the calls.
   * @param calleeOffset offset of the name that the parenthesis after this text calls. Stacks show
   *   the call there, as they do untraced, and not at the parenthesis.
   */
  insert(offset: number, text: string, calleeOffset: number | null = null): void {
    this.#inserts.push({ offset, text, calleeOffset, exprOffset: null });
  }

  /**
   * Inserts a comma and what comes behind the operand that it follows.
   * @param exprOffset where V8 sees the operand. Errors show the position of the comma, and the
   *   operand's without us.
   */
  insertBehind(offset: number, text: string, exprOffset: number): void {
    this.#inserts.push({ offset, text, calleeOffset: null, exprOffset });
  }

  /** Like `insert`, before everything else at that offset. */
  insertFirst(offset: number, text: string): void {
    this.#inserts.unshift({ offset, text, calleeOffset: null, exprOffset: null });
  }

  /** Overwrites with spaces, keeping line breaks; `head` replaces the first character. */
  blank(from: number, to: number, head?: ';' | '(' | ')'): void {
    if (from >= to) return;
    this.#blanks.push({ from, to });
    if (head !== undefined) this.putCharacter(from, head);
  }

  /** Overwrites one character; wins over `blank`. */
  putCharacter(offset: number, char: string): void {
    this.#characters.push({ offset, char });
  }

  /**
   * The text with blanks applied. It is as long as the source, so the source's offsets still hold.
   */
  blanked(): string {
    if (this.#blanks.length + this.#characters.length === 0) return this.source;
    const changes = [
      ...this.#blanks.map(({ from, to }) => ({ from, to, char: null })),
      ...this.#characters.map(({ offset, char }) => ({ from: offset, to: offset + 1, char })),
    ].sort((a, b) => a.from - b.from || Number(a.char === null) - Number(b.char === null));
    const parts: string[] = [];
    /** Everything before this offset is written. */
    let at = 0;
    /** The end of a blank that `putCharacter` interrupted. */
    let blankTo = 0;
    const upTo = (end: number): void => {
      if (at < Math.min(end, blankTo)) parts.push(spaces(this.source.slice(at, Math.min(end, blankTo))));
      at = Math.max(at, Math.min(end, blankTo));
      if (at < end) parts.push(this.source.slice(at, end));
      at = Math.max(at, end);
    };
    for (const { from, to, char } of changes) {
      upTo(from);
      if (char === null) blankTo = Math.max(blankTo, to);
      else if (at === from) {
        parts.push(char);
        at = to;
      }
    }
    upTo(this.source.length);
    return parts.join('');
  }

  /** The insertions in the order of the text. */
  insertions(): readonly Insertion[] {
    return [...this.#inserts].sort((a, b) => a.offset - b.offset);
  }

  toString(): string {
    const base = this.blanked();
    const parts: string[] = [];
    let at = 0;
    for (const insertion of this.insertions()) {
      parts.push(base.slice(at, insertion.offset), insertion.text);
      at = insertion.offset;
    }
    parts.push(base.slice(at));
    return parts.join('');
  }
}

export interface Insertion {
  readonly offset: number;
  readonly text: string;
  readonly calleeOffset: number | null;
  readonly exprOffset: number | null;
}

function spaces(text: string): string {
  return text.replace(/[^\r\n\u2028\u2029]/g, ' ');
}
