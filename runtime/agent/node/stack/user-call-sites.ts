/**
 * Call sites for a program's own `Error.prepareStackTrace`: those of instrumented files tell the
 * positions of the text that would run untraced. V8's own cannot be changed, so an object with the
 * same methods stands in for each.
 */
import { readFileSync } from 'node:fs';
import { PREFIX } from '../contract/emitted-names.ts';
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
  const [line, column] = [site.getLineNumber(), site.getColumnNumber()];
  const position = positionIn(site.getFileName(), line, column, positionsOf);
  return position !== null && isOfV8(site) ? position : null;
}

/** @param line @param column 1-based, in the text that runs */
export function positionIn(
  name: string | null | undefined,
  line: number | null,
  column: number | null,
  positionsOf: PositionsOf,
): Position | null {
  const path = fileOfFrame(name);
  if (path === null || line === null || column === null) return null;
  const lines = positionsOf(path);
  const origin = lines && segmentAt(lines, line - 1, column - 1);
  if (!origin) return null;
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
  const text = withoutOurName(String(site));
  const theirs = `:${site.getLineNumber()}:${site.getColumnNumber()}`;
  const at = text.lastIndexOf(theirs);
  return at < 0 ? null : `${text.slice(0, at)}:${line}:${column}${text.slice(at + theirs.length)}`;
}

/**
 * V8 gives a function without a name, in a list, that of a variable it saw in a later one: of ours,
 * where the user's have none. Then it has none.
 */
function withoutOurName(text: string): string {
  if (!text.includes(PREFIX)) return text;
  return text
    .replace(/^((?:async )?)(?!new )[^()]*\$simul\$[^()]* \((.*)\)$/, '$1$2')
    .replace(/^new [^()]*\$simul\$[^()]* \(/, 'new <anonymous> (');
}

/** The text of a frame in code of `eval`, which says where `eval` was called; null: it is right. */
export function evalFrameText(site: NodeJS.CallSite, positionsOf: PositionsOf): string | null {
  if (!site.isEval() || !isOfV8(site)) return null;
  const text = String(site);
  const mapped = withUserPlaces(text, positionsOf);
  return mapped === text ? null : mapped;
}

/** Exchanges each place "(FILE:LINE:COLUMN)" of an instrumented file. */
function withUserPlaces(text: string, positionsOf: PositionsOf): string {
  return text.replace(/\(([^()]+):(\d+):(\d+)\)/g, (all, name: string, line: string, column: string) => {
    const position = positionIn(name, Number(line), Number(column), positionsOf);
    return position === null ? all : `(${name}:${position.line}:${position.column})`;
  });
}

/** The call site itself where V8 is right, else one that stands in for it. */
export function userCallSite(site: NodeJS.CallSite, positionsOf: PositionsOf): NodeJS.CallSite {
  const position = userPosition(site, positionsOf);
  const own = position === null ? ownInEval(site, positionsOf) : ownAt(site, position, positionsOf);
  if (own === null) return site;
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
  for (const name of getOwnPropertyNames(methods)) {
    const method = methods[name];
    if (typeof method !== 'function' || name === 'constructor') continue;
    define(name, method as Method, own[name] ?? ((args) => apply(method, site, args) as unknown));
  }
  return stand as unknown as NodeJS.CallSite;
}

type OwnMethods = Readonly<Record<string, () => unknown>>;

/** Null: the frame is none of a text within an `eval` of ours. */
function ownInEval(site: NodeJS.CallSite, positionsOf: PositionsOf): OwnMethods | null {
  const text = evalFrameText(site, positionsOf);
  if (text === null) return null;
  const origin = site.getEvalOrigin();
  return {
    getEvalOrigin: () => origin && withUserPlaces(origin, positionsOf),
    toString: () => text,
  };
}

function ownAt(site: NodeJS.CallSite, position: Position, positionsOf: PositionsOf): OwnMethods {
  const enclosing = enclosingPosition(site, positionsOf);
  return {
    getFunctionName: () => {
      const name = site.getFunctionName();
      return name?.includes(PREFIX) === true ? null : name;
    },
    getLineNumber: () => position.line,
    getColumnNumber: () => position.column,
    getEnclosingLineNumber: () => enclosing.line,
    getEnclosingColumnNumber: () => enclosing.column,
    getPosition: () => offsetOf(site, position),
    toString: () => frameTextAt(site, position) ?? String(site),
  };
}

/** Where the function of a frame begins. */
function enclosingPosition(site: NodeJS.CallSite, positionsOf: PositionsOf): Position {
  const line = site.getEnclosingLineNumber() ?? 1;
  const column = site.getEnclosingColumnNumber() ?? 1;
  return positionIn(site.getFileName(), line, column, positionsOf) ?? { line, column };
}

/** The offset in the user's file; V8's own where the file cannot be read. */
function offsetOf(site: NodeJS.CallSite, { line, column }: Position): number | undefined {
  try {
    const lines = readFileSync(fileOfFrame(site.getFileName()) ?? '', 'utf8').split(/(?<=\n)/, line);
    return lines.slice(0, line - 1).reduce((sum, { length }) => sum + length, 0) + column - 1;
  } catch {
    return site.getPosition();
  }
}
