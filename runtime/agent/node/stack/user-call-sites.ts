/**
 * Call sites for a program's own `Error.prepareStackTrace`: those of instrumented files tell the
 * positions of the text that would run untraced. V8's own cannot be changed, so an object with the
 * same methods stands in for each.
 */
import { type MappedLines, segmentAt } from '../instrument/source-map.ts';
import { fileOfFrame } from './frame-file.ts';

const { apply } = Reflect;

export type PositionsOf = (path: string) => MappedLines | null;

export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Where a frame stands in the user's text, 1-based; null where V8 is right. */
export function userPosition(site: NodeJS.CallSite, positionsOf: PositionsOf): Position | null {
  const path = fileOfFrame(site.getFileName());
  const line = site.getLineNumber();
  const column = site.getColumnNumber();
  if (path === null || line === null || column === null) return null;
  const lines = positionsOf(path);
  const origin = lines && segmentAt(lines, line - 1, column - 1);
  return origin ? { line: origin.originalLine + 1, column: origin.originalColumn + 1 } : null;
}

/** The frame as the default formatter writes it, at another position. */
export function frameTextAt(site: NodeJS.CallSite, { line, column }: Position): string | null {
  const text = String(site);
  const theirs = `:${site.getLineNumber()}:${site.getColumnNumber()}`;
  const at = text.lastIndexOf(theirs);
  return at < 0 ? null : `${text.slice(0, at)}:${line}:${column}${text.slice(at + theirs.length)}`;
}

/** The call site itself where V8 is right, else one that stands in for it. */
export function userCallSite(site: NodeJS.CallSite, positionsOf: PositionsOf): NodeJS.CallSite {
  const position = userPosition(site, positionsOf);
  if (position === null) return site;
  const methods = Object.getPrototypeOf(site) as Record<string, unknown>;
  const stand = Object.create(methods) as Record<string, unknown>;
  const define = (name: string, value: () => unknown): void => {
    Object.defineProperty(stand, name, { value, writable: true, configurable: true });
  };
  for (const name of Object.getOwnPropertyNames(methods)) {
    const method = methods[name];
    if (typeof method === 'function' && name !== 'constructor')
      define(name, (...args: unknown[]) => apply(method, site, args) as unknown);
  }
  define('getLineNumber', () => position.line);
  define('getColumnNumber', () => position.column);
  define('getEnclosingLineNumber', () => position.line);
  define('getEnclosingColumnNumber', () => position.column);
  define('toString', () => frameTextAt(site, position) ?? String(site));
  return stand as unknown as NodeJS.CallSite;
}
