/**
 * Stack traces with the positions of the user's text. The lines are right anyway; the columns in
 * frames of instrumented files are mapped back. All other text is Node's own: the default formatter
 * makes it, and only numbers change.
 *
 * A program's own `Error.prepareStackTrace` wins, as it does untraced, and is given call sites of
 * the user's text: a getter hands it out wrapped. With `--enable-source-maps` Node maps by itself,
 * from the positions of the files (`source-maps-switch.ts`).
 */
import { findSourceMap } from 'node:module';
import { disguiseAs } from '../builtins/replace-builtin.ts';
import { showSource } from './show-source.ts';
import { fileOfFrame } from './frame-file.ts';
import { areOwnMapsWithheld, programUsesSourceMaps } from './source-maps-switch.ts';
import { changeStackLimit, restoreStackLimit } from './stack-limit.ts';
import {
  evalFrameText,
  frameTextAt,
  positionIn,
  type Position,
  type PositionsOf,
  userCallSite,
  userPosition,
} from './user-call-sites.ts';

const { apply, defineProperty, getOwnPropertyDescriptor } = Reflect;

export type { PositionsOf };
type Formatter = (error: Error, trace: NodeJS.CallSite[]) => unknown;

let isInstalled = false;
/** Stands before the formatter of another realm, which V8 asks first for errors of that realm. */
let watchOtherRealm: ((errors: ErrorConstructor) => void) | null = null;
/** Stands before any formatter while the agent itself looks at a stack. */
let collector: Formatter | null = null;

/**
 * Whether a file of this name is among the nearest callers. The program's formatter is not called.
 * @param depth how many callers are looked at
 */
export function isCalledFrom(name: string, depth: number): boolean {
  const formerLimit = changeStackLimit(depth + 1);
  let found = false;
  try {
    collector = (_error, trace) => {
      found = trace.some((site) => site.getFileName() === name);
      return '';
    };
    const { stack } = new Error();
    // Where built-ins are frozen, the formatter is Node's.
    if (!isInstalled) found = String(stack).includes(name);
  } finally {
    collector = null;
    restoreStackLimit(formerLimit);
  }
  return found;
}

/**
 * The name of the nearest caller that is a built-in of V8's: `return` of `generator.return()`; ''
 * where none is seen. The program's formatter is not called.
 * @param depth how many callers are looked at
 */
export function builtInCaller(depth: number): string {
  let found = '';
  if (!isInstalled) return found;
  const formerLimit = changeStackLimit(depth);
  try {
    collector = (_error, trace) => {
      for (let i = 0; i < trace.length && found === ''; i++)
        if (trace[i]!.getFileName() == null) found = trace[i]!.getFunctionName() ?? '';
      return '';
    };
    void new Error().stack;
  } finally {
    collector = null;
    restoreStackLimit(formerLimit);
  }
  return found;
}

/** How far the nearest callers reach that are looked at first. */
const NEAR_FRAMES = 12;

/**
 * The nearest caller for which `look` finds something. Only those frames become text that are
 * looked at: a whole stack as text costs some five times as much. The program's formatter is not
 * called.
 * @param depth how many callers are looked at
 * @param isPassed by the name of a script: its frames are passed over
 * @param look is given a frame as a stack trace has it, behind "at "
 * @returns null: nothing was found; undefined: built-ins are frozen, and nothing was looked at
 */
export function findCaller<T>(
  depth: number,
  isPassed: (script: string) => boolean,
  look: (frame: string) => T | null,
): T | null | undefined {
  if (!isInstalled) return undefined;
  const isPlain = programUsesSourceMaps();
  let found: T | null = null;
  let hasMore = true;
  const collect: Formatter = (_error, trace) => {
    hasMore = trace.length >= NEAR_FRAMES;
    for (let i = 0; i < trace.length && found === null; i++) {
      const site = trace[i]!;
      const script = site.getFileName();
      if (script == null || isPassed(script)) continue;
      found = look((isPlain ? null : textOf(site, positionsInText)) ?? String(site));
    }
    return '';
  };
  for (const frames of [NEAR_FRAMES, depth]) {
    const formerLimit = changeStackLimit(frames);
    try {
      collector = collect;
      void new Error().stack;
    } finally {
      collector = null;
      restoreStackLimit(formerLimit);
    }
    if (found !== null || !hasMore) break;
  }
  return found;
}

/** A frame of the stack, with the position of the user's text. */
export interface HereFrame {
  /** As a stack trace names it: "RegExp.test"; '': it has no name. */
  readonly name: string;
  /** Null: code of V8's or Node's own, or of no file. */
  readonly file: string | null;
  /** As V8 names the file or Node's module: "node:internal/timers"; '': it has none. */
  readonly script: string;
  readonly line: number;
  readonly column: number;
}

let positionsInText: PositionsOf = () => null;
/** Whether Node has the map of what runs for a file, from the text that runs. */
let isMapped: (path: string) => boolean = () => false;

/**
 * The frames of this moment, the innermost first, the agent's among them. The program's formatter
 * is not called. Empty where built-ins are frozen.
 * @param depth how many are read at most
 */
export function framesHere(depth: number): readonly HereFrame[] {
  let frames: readonly HereFrame[] = [];
  if (!isInstalled) return frames;
  // It may be asked in the middle of another look of the agent's.
  const former = collector;
  const formerLimit = changeStackLimit(depth);
  try {
    collector = (_error, trace) => {
      frames = trace.map(frameOfSite);
      return '';
    };
    void new Error().stack;
  } finally {
    collector = former;
    restoreStackLimit(formerLimit);
  }
  return frames;
}

function frameOfSite(site: NodeJS.CallSite): HereFrame {
  const position = userPosition(site, positionsInText);
  return {
    name: nameInFrame(String(site)),
    script: site.getFileName() ?? '',
    file: fileOfFrame(site.getFileName()) ?? nameOfGivenText(site.getFileName()),
    line: position?.line ?? site.getLineNumber() ?? 0,
    column: position?.column ?? site.getColumnNumber() ?? 0,
  };
}

/** "Store.load" of "async Store.load [as get] (a.js:1:2)"; '': there is none. */
function nameInFrame(text: string): string {
  const end = text.indexOf(' (');
  if (end < 0) return '';
  const name = withoutStart(withoutStart(text.slice(0, end), 'async '), 'new ');
  const as = name.endsWith(']') ? name.lastIndexOf(' [as ') : -1;
  return as < 0 ? name : name.slice(0, as);
}

const withoutStart = (text: string, start: string): string =>
  text.startsWith(start) ? text.slice(start.length) : text;

/**
 * The frame of a function at its beginning: in the source, where Node has a map of what runs. It
 * may not be asked for in between other code.
 * @param fn as V8's profiler tells it: its script, line and column count from 0
 * @param isAgent whether a file is one of the agent's, which stays what it is
 */
export function frameOfFunction(
  fn: {
    readonly functionName: string;
    readonly url: string;
    readonly lineNumber: number;
    readonly columnNumber: number;
  },
  isAgent: (file: string) => boolean,
): HereFrame {
  const { functionName: name, url: script } = fn;
  const file = fileOfFrame(script) ?? nameOfGivenText(script);
  // The body of a file begins before its first line.
  const given = { line: Math.max(0, fn.lineNumber) + 1, column: Math.max(0, fn.columnNumber) + 1 };
  if (file === null || script === '' || isAgent(file)) return { name, script, file, ...given };
  const inText = isMapped(file) ? null : positionIn(script, given.line, given.column, positionsInText);
  return { name, script, file, ...given, ...inText, ...sourcePosition(script, inText ?? given) };
}

/** Null: Node has no map of the script, or the place is in none of its sources. */
export function sourcePosition(
  script: string,
  { line, column }: Position,
): (Position & { file: string }) | null {
  try {
    const entry = findSourceMap(script)?.findEntry(line - 1, column - 1);
    if (entry === undefined || !('originalSource' in entry)) return null;
    const file = fileOfFrame(entry.originalSource);
    if (file === null) return null;
    return { file, line: entry.originalLine + 1, column: entry.originalColumn + 1 };
  } catch {
    return null;
  }
}

/** The code of `-e`, and of a worker that was made from a text, has a name and no file. */
function nameOfGivenText(name: string | null | undefined): string | null {
  const end = name?.startsWith('[eval') || name?.startsWith('[worker eval') ? name.indexOf(']') : -1;
  return end < 0 ? null : name!.slice(0, end + 1);
}

/** A program's formatter in this realm gets call sites of the user's text, too. */
export function watchFormatterOf(errors: ErrorConstructor): void {
  watchOtherRealm?.(errors);
}

/**
 * @param isMappedByNode whether Node has the map of what runs for a file
 * @returns what restores the former formatter
 */
export function installUserPositions(
  positionsOf: PositionsOf,
  isMappedByNode: (path: string) => boolean,
  agentFolders: readonly string[],
): () => void {
  positionsInText = positionsOf;
  isMapped = isMappedByNode;
  const unmappedPositions: PositionsOf = (path) => (isMappedByNode(path) ? null : positionsOf(path));
  const former = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace');
  if (former?.get || former?.configurable === false) return () => {};
  const formatted = (former?.value as Formatter | undefined) ?? withoutFormatter;

  // The name is that of Node's own formatter, which this replaces.
  function ErrorPrepareStackTrace(error: Error, trace: NodeJS.CallSite[]): unknown {
    if (collector !== null) return collector(error, trace);
    showSource(error);
    const visible = withoutAgent(trace, agentFolders);
    if (programUsesSourceMaps())
      return formatted(error, areOwnMapsWithheld() ? userSites(visible, unmappedPositions) : visible);
    try {
      const texts = visible.map((site) => textOf(site, positionsOf));
      if (visible.length === trace.length && texts.every((text) => text === null))
        return formatted(error, trace);
      const head = formatted(error, []);
      if (typeof head !== 'string') return formatted(error, trace);
      return [head, ...visible.map((site, i) => texts[i] ?? String(site))].join('\n    at ');
    } catch {
      return formatted(error, trace);
    }
  }
  if (former?.value !== undefined) disguiseAs(ErrorPrepareStackTrace, formatted as () => void);

  /** By the program's function what stands in for it, and the other way round. */
  const wrappers = new WeakMap<object, Formatter>();
  const originals = new WeakMap<object, unknown>();
  function wrapperOf(theirs: Formatter): Formatter {
    let wrapper = wrappers.get(theirs);
    if (wrapper === undefined) {
      const wrapped = function (this: unknown, error: Error, trace: NodeJS.CallSite[]): unknown {
        showSource(error);
        return apply(theirs, this, [error, userTrace(trace)]);
      };
      wrapper = disguiseAs(wrapped, theirs as () => void);
      wrappers.set(theirs, wrapper);
      originals.set(wrapper, theirs);
    }
    return wrapper;
  }
  function userTrace(trace: NodeJS.CallSite[]): NodeJS.CallSite[] {
    return userSites(withoutAgent(trace, agentFolders), positionsOf);
  }

  watchOtherRealm = (errors) => {
    const theirs = getOwnPropertyDescriptor(errors, 'prepareStackTrace');
    if (theirs !== undefined && (theirs.configurable !== true || theirs.get !== undefined)) return;
    const wrapped = (value: unknown): unknown =>
      typeof value === 'function' && !originals.has(value) ? wrapperOf(value as Formatter) : value;
    let ofRealm = wrapped(theirs?.value);
    defineProperty(errors, 'prepareStackTrace', {
      configurable: true,
      enumerable: theirs?.enumerable ?? false,
      get: () => ofRealm,
      set: (value: unknown) => (ofRealm = wrapped(value)),
    });
  };
  let current: unknown = ErrorPrepareStackTrace;
  isInstalled = true;
  const shape = { configurable: true, enumerable: former?.enumerable ?? false };
  const restore = (): void => {
    if (former) Object.defineProperty(Error, 'prepareStackTrace', former);
    else Reflect.deleteProperty(Error, 'prepareStackTrace');
  };
  if (areBuiltInsFrozenSoon()) {
    Object.defineProperty(Error, 'prepareStackTrace', { ...shape, value: current, writable: true });
    return restore;
  }
  Object.defineProperty(Error, 'prepareStackTrace', {
    ...shape,
    get: () => collector ?? current,
    set: (value: unknown) => {
      const isOurs =
        value === ErrorPrepareStackTrace || (typeof value === 'function' && originals.has(value));
      if (isOurs) current = value;
      // Whoever takes the formatter away gets Node's own, as untraced.
      else if (value === undefined || value === null) current = ErrorPrepareStackTrace;
      else current = typeof value === 'function' ? wrapperOf(value as Formatter) : value;
    },
  });
  return restore;
}

/**
 * Node freezes the built-ins when the preloads have run. No program's formatter is called from then
 * on, and an accessor would still take one.
 */
function areBuiltInsFrozenSoon(): boolean {
  const flags = [...process.execArgv, ...(process.env['NODE_OPTIONS'] ?? '').split(/\s+/)];
  return flags.includes('--frozen-intrinsics');
}

function userSites(trace: NodeJS.CallSite[], positionsOf: PositionsOf): NodeJS.CallSite[] {
  try {
    return trace.map((site) => userCallSite(site, positionsOf));
  } catch {
    return trace;
  }
}

/**
 * The frame as the default formatter writes it, at the user's position; null where it is the same.
 */
function textOf(site: NodeJS.CallSite, positionsOf: PositionsOf): string | null {
  const position = userPosition(site, positionsOf);
  return position === null ? evalFrameText(site, positionsOf) : frameTextAt(site, position);
}

/** The same trace where no frame is the agent's. */
function withoutAgent(trace: NodeJS.CallSite[], agentFolders: readonly string[]): NodeJS.CallSite[] {
  try {
    return trace.some((site) => isOfAgent(site, agentFolders))
      ? trace.filter((site) => !isOfAgent(site, agentFolders))
      : trace;
  } catch {
    return trace;
  }
}

/** A frame of the agent: only the patched `require` of older Nodes leaves any. */
function isOfAgent(site: NodeJS.CallSite, agentFolders: readonly string[]): boolean {
  const path = fileOfFrame(site.getFileName());
  return path !== null && agentFolders.some((folder) => path.startsWith(folder));
}

/** For a Node without `Error.prepareStackTrace`: the text that V8 would write. */
function withoutFormatter(error: Error, trace: NodeJS.CallSite[]): string {
  return [headOf(error), ...trace.map(String)].join('\n    at ');
}

function headOf(error: Error & { readonly code?: unknown }): string {
  // Node marks its own errors by a symbol that it does not export. Their text contains the code.
  const isNodeError = nodeErrorMark() !== undefined && nodeErrorMark()! in error;
  return isNodeError
    ? `${error.name} [${String(error.code)}]: ${error.message}`
    : Error.prototype.toString.call(error);
}

let mark: symbol | null | undefined;

/** The symbol by which Node marks its own errors, found on one of them. */
function nodeErrorMark(): symbol | undefined {
  if (mark === undefined) {
    mark = null;
    try {
      process.emitWarning(null as unknown as string);
    } catch (error) {
      for (
        let object: object | null = error as object;
        object !== null;
        object = Object.getPrototypeOf(object)
      ) {
        mark ??=
          Object.getOwnPropertySymbols(object).find(({ description }) => description === 'kIsNodeError') ??
          null;
      }
    }
  }
  return mark ?? undefined;
}
