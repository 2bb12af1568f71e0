/**
 * What the language refuses, with the reason in one sentence: `await` outside an `async def`, and
 * `yield from` inside one. Python itself says only that it is outside; why that cannot work, and
 * what would, is said here. No run is needed.
 */
import type { Diagnostic } from 'vscode-languageserver/node';
import { type LogicalLine, logicalLines } from '../../runtime/launch/python-source.ts';
import type { WholeDocument } from './whole-document.ts';

interface Scope {
  readonly indent: number;
  /** The function's name; '': a class, whose body is no function. */
  readonly name: string;
  readonly isAsync: boolean;
}

/** More are the same mistake. */
const MAX_REFUSALS = 50;
const ERROR = 1;
const DEFINITION = /^(async\s+)?def\s+([\p{L}_][\p{L}\p{N}_]*)/u;
const ASYNC_STATEMENT = /^async\s+(for|with)\b/;
const AWAIT = /(?<![\p{L}\p{N}_.])await(?=[\s(])(?!\s*[=:,)\]]|\s+in\b)/gu;
const YIELD_FROM = /(?<![\p{L}\p{N}_.])yield\s+from(?![\p{L}\p{N}_])/gu;

export function refusalsIn(document: WholeDocument): Diagnostic[] {
  if (document.languageId !== 'python' || !/\b(?:await|async|yield)\b/.test(document.text)) return [];
  const refusals: Diagnostic[] = [];
  const scopes: Scope[] = [];
  for (const logical of logicalLines(document.text)) {
    while (scopes.length > 0 && logical.indent <= scopes.at(-1)!.indent) scopes.pop();
    const definition = DEFINITION.exec(logical.text);
    const bodyAt = definition === null ? 0 : colonOf(logical.text) + 1;
    // Decorators and defaults belong to the scope around the function.
    refusals.push(...refusalsOf(document, logical, scopes.at(-1), 0, bodyAt || logical.text.length));
    if (definition !== null) {
      const [, isAsync, name] = definition;
      const scope = { indent: logical.indent, name: name!, isAsync: isAsync !== undefined };
      scopes.push(scope);
      refusals.push(...refusalsOf(document, logical, scope, bodyAt, logical.text.length));
    } else if (/^class\s/.test(logical.text))
      scopes.push({ indent: logical.indent, name: '', isAsync: false });
    if (refusals.length >= MAX_REFUSALS) break;
  }
  return refusals.slice(0, MAX_REFUSALS);
}

/** Where the head of a definition ends: its colon outside of brackets. */
function colonOf(text: string): number {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if ('([{'.includes(text[i]!)) depth++;
    else if (')]}'.includes(text[i]!)) depth--;
    else if (text[i] === ':' && depth === 0) return i;
  }
  return text.length - 1;
}

function refusalsOf(
  document: WholeDocument,
  logical: LogicalLine,
  scope: Scope | undefined,
  from: number,
  to: number,
): Diagnostic[] {
  const text = logical.text.slice(from, to);
  const begin = /^\s*/.exec(text)![0].length;
  const at = (index: number, length: number, code: string, message: string): Diagnostic => {
    const start = positionOf(document, logical.start + from + index);
    const end = { line: start.line, character: start.character + length };
    return { range: { start, end }, severity: ERROR, source: 'simul', code, message };
  };
  if (scope?.isAsync === true) {
    return [...text.matchAll(YIELD_FROM)].map((match) =>
      at(match.index, match[0].length, 'yield-from-in-async', describeYieldFrom(scope.name)),
    );
  }
  const refused: Diagnostic[] = [];
  const statement = ASYNC_STATEMENT.exec(text.slice(begin));
  if (statement !== null) {
    const words = describeAwait(`async ${statement[1]}`, scope);
    refused.push(at(begin, statement[0].length, 'await-outside-async', words));
  }
  for (const match of text.matchAll(AWAIT))
    refused.push(at(match.index, match[0].length, 'await-outside-async', describeAwait('await', scope)));
  return refused;
}

function describeAwait(what: string, scope: Scope | undefined): string {
  if (scope === undefined || scope.name === '')
    return `\`${what}\` may stand only inside an \`async def\`: out here no coroutine runs that could be suspended; put it into \`async def main()\` and start that with \`asyncio.run(main())\`.`;
  return `\`${what}\` may stand only inside an \`async def\`: \`${scope.name}\` is a plain function, which runs to its end and cannot be suspended; make it \`async def ${scope.name}\` and await it where it is called.`;
}

const describeYieldFrom = (name: string): string =>
  `\`yield from\` may not stand inside an \`async def\`: \`${name}\` could not be suspended within the inner generator; await a coroutine with \`await\`, and pass items on with \`async for item in …: yield item\`.`;

function positionOf(document: WholeDocument, offset: number): { line: number; character: number } {
  const before = document.text.slice(0, offset).split(/\r\n|\r|\n/);
  return { line: before.length - 1, character: before.at(-1)!.length };
}
