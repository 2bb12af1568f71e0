/**
 * Takes out of a recording what its owner may not want to give away with it: the literals in
 * awaited texts, messages of errors, arguments of the command line, and paths above a folder. Who
 * ran when and who waited for whom stays, with lines, names of functions and names that the program
 * gave; on request these become numbers, too (name-mask.ts).
 *
 * A text says nothing of what it is for: the records that name it do. So it takes two passes over
 * the same records: `note` for all of them, then `redact`.
 */
import { FLAG, KIND, KIND_ROWS } from '../trace/format/kinds.ts';
import {
  flagsOf,
  head,
  kindOf,
  laneOf,
  RECORD_BYTES,
  RECORD_WORDS,
  TEXT_PIECE_BYTES,
  W,
} from '../trace/format/layout.ts';
import { NameMask } from './name-mask.ts';
import { decodeUtf8, encodeUtf8 } from '../trace/format/utf8.ts';

type Rule = (text: string, root: string, names: NameMask | null) => string;

/** What is done to the text in a field, by kind and field. All other texts are names, and stay. */
const RULES: Readonly<Record<string, Rule>> = {
  'site.file': (path, root) => shortenPath(path, root),
  'site.text': maskLiterals,
  'site.fn': maskLiterals,
  'processBegin.argv': maskArguments,
  'cancel.reason': keepClass,
  'fact.text': keepClass,
  'agent.text': (text, root, names) => {
    const shortened = text.replace(/(?:[A-Za-z]:)?(?:[\\/][\w.@ -]+)+/g, (path) => shortenPath(path, root));
    // A sentence, which may hold a message of the program's.
    return names === null || !/\s/.test(shortened) ? shortened : '…';
  },
};

/** What is done to names and all other texts, where names are masked; behind the rule above. */
const maskNames: Rule = (text, _root, names) => names!.mask(maskLiterals(text));
/** The versions of Node and Python tell nothing of the program. */
const KEPT_FIELDS: ReadonlySet<string> = new Set(['processBegin.version']);

type Fields = ReadonlyMap<number, readonly { readonly word: number; readonly rule: Rule }[]>;

/** For each kind, which word holds which rule's text. */
const fieldsOf = (masksNames: boolean): Fields =>
  new Map(
    KIND_ROWS.map(({ number, name, ...row }) => [
      number,
      (['a', 'b', 'c', 'd'] as const).flatMap((word) => {
        const field = `${name}.${row[word]?.name ?? ''}`;
        const rules: (Rule | undefined)[] = [RULES[field]];
        if (masksNames && row[word]?.type === 'text' && !KEPT_FIELDS.has(field)) rules.push(maskNames);
        return rules.filter((rule) => rule !== undefined).map((rule) => ({ word: W[word], rule }));
      }),
    ]),
  );

/** One part's ids of texts have nothing to do with another's. */
interface PartTexts {
  readonly rules: Map<number, Set<Rule>>;
  /** Texts of which pieces came, and not the last. */
  readonly pieces: Map<number, number[]>;
}

export class Redactor {
  readonly #root: string;
  readonly #names: NameMask | null;
  readonly #fields: Fields;
  readonly #parts = new Map<number, PartTexts>();

  /**
   * @param root absolute path of the folder that stays visible; paths above it are shortened
   * @param masksNames names of functions, tasks, files and resources become numbers, too
   */
  constructor(root: string, masksNames = false) {
    this.#root = root;
    this.#names = masksNames ? new NameMask() : null;
    this.#fields = fieldsOf(masksNames);
  }

  /** First pass: what the texts of these records are for. */
  note(part: number, records: Uint8Array): void {
    const { rules } = this.#textsOf(part);
    const words = wordsOf(records);
    for (let at = 0; at < words.length; at += RECORD_WORDS) {
      for (const { word, rule } of this.#fields.get(kindOf(words[at + W.head]!)) ?? []) {
        const id = words[at + word]!;
        if (id === 0) continue;
        let known = rules.get(id);
        if (known === undefined) rules.set(id, (known = new Set()));
        known.add(rule);
      }
    }
  }

  /** Second pass, in the order of the first. @returns records that may be more or fewer */
  redact(part: number, records: Uint8Array): Uint8Array {
    const texts = this.#textsOf(part);
    const words = wordsOf(records);
    const bytes = new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
    const out: Uint8Array[] = [];
    let copied = 0;
    for (let at = 0; at < words.length; at += RECORD_WORDS) {
      const headWord = words[at + W.head]!;
      const id = words[at + W.task]!;
      if (kindOf(headWord) !== KIND.text || !texts.rules.has(id)) continue;
      const offset = at * 4;
      out.push(bytes.subarray(copied, offset));
      copied = offset + RECORD_BYTES;
      const pieces = texts.pieces.get(id) ?? [];
      if (laneOf(headWord) === 0) pieces.length = 0;
      pieces.push(...bytes.subarray(offset, offset + 8), ...bytes.subarray(offset + 12, offset + 28));
      texts.pieces.set(id, pieces);
      if ((flagsOf(headWord) & FLAG.textLast) === 0) continue;
      texts.pieces.delete(id);
      out.push(encodeText(id, this.#redactText(pieces, texts.rules.get(id)!)));
    }
    if (out.length === 0) return records;
    out.push(bytes.subarray(copied));
    return concat(out);
  }

  #redactText(bytes: number[], rules: ReadonlySet<Rule>): string {
    while (bytes.length > 0 && bytes.at(-1) === 0) bytes.pop();
    let text = decodeUtf8(Uint8Array.from(bytes));
    for (const rule of rules) text = rule(text, this.#root, this.#names);
    return text;
  }

  #textsOf(part: number): PartTexts {
    let texts = this.#parts.get(part);
    if (texts === undefined) this.#parts.set(part, (texts = { rules: new Map(), pieces: new Map() }));
    return texts;
  }
}

/** A text as its pieces; an empty one as one piece of nothing. */
function encodeText(id: number, text: string): Uint8Array {
  const encoded = encodeUtf8(text);
  const count = Math.max(1, Math.ceil(encoded.length / TEXT_PIECE_BYTES));
  const padded = new Uint8Array(count * TEXT_PIECE_BYTES);
  padded.set(encoded);
  const out = new Uint8Array(count * RECORD_BYTES);
  const view = new DataView(out.buffer);
  for (let piece = 0; piece < count; piece++) {
    const at = piece * RECORD_BYTES;
    const from = piece * TEXT_PIECE_BYTES;
    out.set(padded.subarray(from, from + 8), at);
    view.setUint32(at + 8, id, true);
    out.set(padded.subarray(from + 8, from + TEXT_PIECE_BYTES), at + 12);
    view.setUint32(at + 28, head(KIND.text, piece === count - 1 ? FLAG.textLast : 0, piece), true);
  }
  return out;
}

/** Within the folder a path is told from there; above it, only its last name. */
function shortenPath(path: string, root: string): string {
  const separator = path.includes('\\') ? '\\' : '/';
  const folder = root.endsWith(separator) ? root : root + separator;
  if (path.startsWith(folder)) return path.slice(folder.length);
  const name = path.slice(path.lastIndexOf(separator) + 1);
  const inPackage = /[\\/](node_modules[\\/].*)$/.exec(path)?.[1];
  return `…/${inPackage ?? name}`;
}

/** Strings, templates and regular expressions lose what is in them; a text may be cut off. */
function maskLiterals(text: string): string {
  return text
    .replace(/(["'`])(?:\\.|(?!\1)[^\\])*(?:\1|$)/g, '$1…$1')
    .replace(/(^|[(,=:[!&|?{};]\s*)\/(?![/*\s])(?:\\.|\[[^\]]*\]|[^/\\])+\/[a-z]*/g, '$1/…/')
    .replace(/\b\d{5,}\b/g, '…');
}

/** Of the command line, what was run stays, and how many arguments there were. */
function maskArguments(argv: string): string {
  const [command = '', file, ...args] = argv.split(' ');
  const nameOf = (path: string): string =>
    path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  const isProgram = file !== undefined && /\.[cm]?[jt]sx?$/.test(file);
  const hidden = (isProgram || file === undefined ? args : [file, ...args]).map(() => '…');
  return [nameOf(command), ...(isProgram ? [nameOf(file)] : []), ...hidden].join(' ');
}

/** `TypeError: x is not a function` and the like: the class alone. */
function keepClass(text: string): string {
  if (/^(?:[A-Z][\w$.]*|an? [a-z]+)$/.test(text)) return text;
  const name = /^[A-Z][\w$.]*(?=:)/.exec(text)?.[0];
  return name === undefined ? '…' : `${name}: …`;
}

function wordsOf(records: Uint8Array): Uint32Array {
  const aligned = records.byteOffset % 4 === 0 ? records : new Uint8Array(records);
  return new Uint32Array(
    aligned.buffer,
    aligned.byteOffset,
    Math.floor(aligned.length / RECORD_BYTES) * RECORD_WORDS,
  );
}

function concat(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
