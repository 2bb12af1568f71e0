/**
 * Call sites for a program's own `Error.prepareStackTrace`: those of instrumented files tell the
 * positions of the text that would run untraced. V8's own cannot be changed, so an object with the
 * same methods stands in for each.
 */
import { type MappedLines, segmentAt } from '../instrument/source-map.ts';
import { fileOfFrame } from './frame-file.ts';

const { apply, defineProperty, getPrototypeOf } = Reflect;
const { getOwnPropertyNames } = Object;

type Method = (...args: unknown[]) => unknown;

export type PositionsOf = (path: string) => MappedLines | null;

export interface Position {
  readonly line: number;
  readonly column: number;
}

/**
 * Where a frame stands in the user's text, 1-based; null where V8 is right, and where the frame is
 * not V8's: a formatter that calls the former one hands on what we gave it, or copies of it.
 */
export function userPosition(site: NodeJS.CallSite, positionsOf: PositionsOf): Position | null {
  const path = fileOfFrame(site.getFileName());
  const line = site.getLineNumber();
  const column = site.getColumnNumber();
  if (path === null || line === null || column === null) return null;
  const lines = positionsOf(path);
  const origin = lines && segmentAt(lines, line - 1, column - 1);
  if (!origin || !isOfV8(site)) return null;
  return { line: origin.originalLine + 1, column: origin.originalColumn + 1 };
}

/** V8's methods refuse every other object, those that inherit them included. */
function isOfV8(site: NodeJS.CallSite): boolean {
  try {
    apply((getPrototypeOf(site) as NodeJS.CallSite).isNative, site, []);
    return true;
  } catch {
    return false;
  }
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
  const methods = getPrototypeOf(site) as Record<string, unknown>;
  const stand = Object.create(methods) as Record<string, unknown>;
  /** Called on anything else, V8's own method throws what it throws untraced. */
  const define = (name: string, method: Method, value: (args: unknown[]) => unknown): void => {
    const stood = {
      [name](this: unknown, ...args: unknown[]): unknown {
        return this === stand ? value(args) : apply(method, this, args);
      },
    };
    defineProperty(stand, name, { value: stood[name], writable: true, configurable: true });
  };
  const own: Record<string, () => unknown> = {
    getLineNumber: () => position.line,
    getColumnNumber: () => position.column,
    getEnclosingLineNumber: () => position.line,
    getEnclosingColumnNumber: () => position.column,
    toString: () => frameTextAt(site, position) ?? String(site),
  };
  for (const name of getOwnPropertyNames(methods)) {
    const method = methods[name];
    if (typeof method !== 'function' || name === 'constructor') continue;
    define(name, method as Method, own[name] ?? ((args) => apply(method, site, args) as unknown));
  }
  return stand as unknown as NodeJS.CallSite;
}
