/**
 * Which function of a file a position is in. It parses the file: for what happens seldom.
 */
import { readFileSync, statSync } from 'node:fs';
import { eachChild, isFunction, type Language, type Node } from '../instrument/syntax-tree.ts';
import { parse } from './parser.ts';

/** 1-based. */
export interface FunctionLines {
  readonly first: number;
  readonly last: number;
}

const MAX_SOURCE_BYTES = 1 << 20;

/**
 * @param line @param column 1-based
 * @returns null: it is in no function, or the file cannot be read or parsed
 */
export function enclosingFunction(path: string, line: number, column: number): FunctionLines | null {
  try {
    if (statSync(path).size > MAX_SOURCE_BYTES) return null;
    const source = readFileSync(path, 'utf8');
    const starts = lineStarts(source);
    const start = starts[line - 1];
    if (start === undefined) return null;
    const found = innermost(programOf(path, source), start + column - 1);
    return found === null ? null : { first: lineOf(starts, found.start), last: lineOf(starts, found.end) };
  } catch {
    return null;
  }
}

function programOf(path: string, source: string): Node {
  const module = parse(path, source, languageOf(path), 'module');
  return module.error === null ? module.program : parse(path, source, languageOf(path), 'commonjs').program;
}

function languageOf(path: string): Language {
  const [, typed, jsx] = /\.[cm]?(?:(t)|j)s(x?)$/.exec(path) ?? [];
  if (typed !== undefined) return jsx === 'x' ? 'tsx' : 'ts';
  return jsx === 'x' ? 'jsx' : 'js';
}

function innermost(program: Node, at: number): Node | null {
  let found: Node | null = null;
  const visit = (node: Node): void => {
    if (at < node.start || at >= node.end) return;
    if (isFunction(node)) found = node;
    eachChild(node, visit);
  };
  visit(program);
  return found;
}

function lineStarts(source: string): number[] {
  const starts = [0];
  for (const { index, 0: end } of source.matchAll(/\r\n|[\n\r\u2028\u2029]/g))
    starts.push(index + end.length);
  return starts;
}

/** 1-based. @param at an offset */
function lineOf(starts: readonly number[], at: number): number {
  const next = starts.findIndex((start) => start > at);
  return next < 0 ? starts.length : next;
}
