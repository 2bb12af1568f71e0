/**
 * Loads the parser, at the first file that is not in the cache: the native binding where there is
 * one, else the WebAssembly build (`find-binding.ts`). Its JavaScript front is not used: one call
 * that returns the tree as JSON suffices, and it is the same in both builds.
 */
import { type Goal, type Language, type ParsedFile } from '../instrument/syntax-tree.ts';
import { findBinding } from './find-binding.ts';

interface Binding {
  parseSync(
    path: string,
    source: string,
    options: object,
  ): { readonly program: string; readonly errors: readonly ParseError[] };
}

interface ParseError {
  readonly message: string;
  readonly labels?: readonly { readonly start: number }[];
}

let binding: Binding | null = null;
/**
 * What the native binding gave first. Where V8 collects such a thing, Node sets an immediate for
 * its native half, and a program that asks what keeps it alive would see that. A large program's
 * are let go: each holds some 25 times the bytes of its source.
 */
const results: unknown[] = [];
const MAX_KEPT_CHARACTERS = 128 * 1024;
let kept = 0;

/** @throws Error when neither build can be loaded. */
export function parse(path: string, source: string, lang: Language, goal: Goal): ParsedFile {
  binding ??= loadParser();
  const result = binding.parseSync(path, source, { lang, sourceType: goal, showSemanticErrors: true });
  kept += source.length;
  if (kept <= MAX_KEPT_CHARACTERS) results.push(result);
  const error = result.errors[0];
  if (error !== undefined)
    return { program: { type: 'Program', start: 0, end: 0, body: [] }, error: describe(error, source) };
  return { program: JSON.parse(result.program).node, error: null };
}

function describe({ message, labels }: ParseError, source: string): string {
  const start = labels?.[0]?.start;
  if (start === undefined) return message;
  return `line ${source.slice(0, start).split(/\r\n|[\n\r\u2028\u2029]/).length}: ${message}`;
}

function loadParser(): Binding {
  const found = findBinding('parser') as Binding | null;
  if (found === null) throw new Error('no parser for this platform');
  return found;
}
