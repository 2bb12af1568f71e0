/**
 * A text as the parser sees it, for fixes. Nothing is searched in the text itself: an edit stands
 * where the parser says that something begins or ends. The parser is the loader's, so that a place
 * means to a fix what it meant to the trace.
 */
import {
  eachChild,
  type Goal,
  isFunction,
  type Language,
  type Node,
  unwrapped,
} from '../../../runtime/agent/node/instrument/syntax-tree.ts';
import { onOneLine } from '../../../runtime/agent/node/instrument/site-table.ts';
import { NameUses } from '../../../runtime/agent/node/instrument/name-uses.ts';
import { parse } from '../../../runtime/agent/node/loader/parser.ts';
import type { SiteInfo } from '../../../runtime/trace/model/trace.ts';

/** A longer text takes the parser too long for a menu. */
const MAX_CHARACTERS = 4 * 1024 * 1024;

/** From the program down to a node. */
export type NodePath = readonly Node[];

export class SourceFile {
  readonly text: string;
  readonly program: Node;
  readonly isTypeScript: boolean;
  readonly isModule: boolean;
  readonly #lineStarts: readonly number[];
  #uses: NameUses | null = null;

  private constructor(text: string, program: Node, language: Language, goal: Goal) {
    this.text = text;
    this.program = program;
    this.isTypeScript = language === 'ts' || language === 'tsx';
    this.isModule = goal === 'module';
    this.#lineStarts = lineStartsOf(text);
  }

  /** Null: no parser is there, or the text has an error in it. */
  static parse(path: string, text: string): SourceFile | null {
    if (text.length > MAX_CHARACTERS) return null;
    const language = languageOf(path);
    try {
      for (const goal of goalsOf(path)) {
        const { program, error } = parse(path, text, language, goal);
        if (error === null) return new SourceFile(text, program, language, goal);
      }
    } catch {
      // The platform has no parser: nothing is offered.
    }
    return null;
  }

  get uses(): NameUses {
    return (this.#uses ??= new NameUses(this.program));
  }

  /** The place of a site; −1: the text has no such line. */
  offsetOf({ line, column }: Pick<SiteInfo, 'line' | 'column'>): number {
    const start = this.#lineStarts[line - 1];
    return start === undefined ? -1 : start + column - 1;
  }

  /** 0-based, as the editor counts. */
  positionOf(offset: number): { readonly line: number; readonly character: number } {
    const line = this.#lineStarts.findLastIndex((start) => start <= offset);
    return { line, character: offset - this.#lineStarts[line]! };
  }

  textOf({ start, end }: Pick<Node, 'start' | 'end'>): string {
    return this.text.slice(start, end);
  }

  /** The blanks that the line of an offset begins with. */
  indentAt(offset: number): string {
    let start = offset;
    while (start > 0 && !isLineBreak(this.text[start - 1]!)) start--;
    let end = start;
    while (this.text[end] === ' ' || this.text[end] === '\t') end++;
    return this.text.slice(start, end);
  }

  /** The innermost node of this kind that begins there, with what holds it; null: none does. */
  pathTo(offset: number, isWanted: (node: Node) => boolean): NodePath | null {
    let found: NodePath | null = null;
    const visit = (node: Node, above: NodePath): void => {
      const path = [...above, node];
      if (node.start === offset && isWanted(node)) found = path;
      eachChild(node, (child) => {
        if (child.start <= offset && offset < child.end) visit(child, path);
      });
    };
    visit(this.program, []);
    return found;
  }
}

/** The function that runs what stands at the end of a path; the program, if none does. */
export const functionAround = (path: NodePath): Node => path.slice(0, -1).findLast(isFunction) ?? path[0]!;

/** Whether an `await` may stand at the end of a path. */
export function mayAwait(source: SourceFile, path: NodePath): boolean {
  const holder = path
    .slice(0, -1)
    .findLast(
      (node) => isFunction(node) || node.type === 'StaticBlock' || node.type === 'PropertyDefinition',
    );
  if (holder === undefined) return source.isModule;
  return isFunction(holder) && holder['async'] === true;
}

/** The await of a site; null: the text holds another one there, or none. */
export function awaitAt(source: SourceFile, site: SiteInfo): NodePath | null {
  const path = source.pathTo(source.offsetOf(site), ({ type }) => type === 'AwaitExpression');
  const operand: Node | undefined = path?.at(-1)?.['argument'];
  return operand !== undefined && reads(source, operand, site) ? path : null;
}

/** Whether a node is written as the site says. */
export const reads = (source: SourceFile, node: Node, { text }: SiteInfo): boolean =>
  [node, unwrapped(node)].some((each) => onOneLine(source.textOf(each)) === text);

function languageOf(path: string): Language {
  if (/\.tsx$/i.test(path)) return 'tsx';
  if (/\.[mc]?ts$/i.test(path)) return 'ts';
  return /\.jsx$/i.test(path) ? 'jsx' : 'js';
}

function goalsOf(path: string): readonly Goal[] {
  return /\.c[jt]s$/i.test(path) ? ['commonjs'] : ['module', 'commonjs'];
}

const isLineBreak = (character: string): boolean => character === '\n' || character === '\r';

function lineStartsOf(text: string): number[] {
  const starts = [0];
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\n' || (text[at] === '\r' && text[at + 1] !== '\n')) starts.push(at + 1);
  }
  return starts;
}
