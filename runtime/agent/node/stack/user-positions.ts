/**
 * Stack traces with the positions of the user's text. Lines are right anyway; in frames of instrumented files the
 * columns are put back. Everything else of the text is Node's own: the default formatter is asked and only numbers change.
 *
 * A program's own `Error.prepareStackTrace` wins, as it does untraced, and sees V8's columns: call sites cannot be
 * changed. With `--enable-source-maps` Node maps by itself, through the map in each emitted text, and we stay away.
 */
import { type Lines, segmentAt } from '../instrument/source-map.ts';
import { disguiseAs } from '../builtins/replace-builtin.ts';
import { fileOfFrame } from './frame-file.ts';
import { programUsesSourceMaps } from './source-maps-switch.ts';

export type PositionsOf = (path: string) => Lines | null;
type Formatter = (error: Error, trace: NodeJS.CallSite[]) => unknown;

/** @returns what puts the formatter back that was there */
export function installUserPositions(positionsOf: PositionsOf, agentFolders: readonly string[]): () => void {
  const before = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace');
  if (before?.get) return () => {};
  const formatted = (before?.value as Formatter | undefined) ?? withoutFormatter;

  // The name of Node's own, which this stands in for wherever there is one.
  function ErrorPrepareStackTrace(error: Error, trace: NodeJS.CallSite[]): unknown {
    if (programUsesSourceMaps()) return formatted(error, trace);
    try {
      const shown = trace.filter((site) => !isOurs(site, agentFolders));
      const texts = shown.map((site) => textOf(site, positionsOf));
      if (shown.length === trace.length && texts.every((text) => text === null))
        return formatted(error, trace);
      const head = formatted(error, []);
      if (typeof head !== 'string') return formatted(error, trace);
      return [head, ...shown.map((site, i) => texts[i] ?? String(site))].join('\n    at ');
    } catch {
      return formatted(error, trace);
    }
  }
  Object.defineProperty(Error, 'prepareStackTrace', {
    value:
      before?.value === undefined
        ? ErrorPrepareStackTrace
        : disguiseAs(ErrorPrepareStackTrace, formatted as () => void),
    writable: true,
    enumerable: before?.enumerable ?? false,
    configurable: true,
  });
  return () => {
    if (Error.prepareStackTrace !== ErrorPrepareStackTrace) return;
    if (before) Object.defineProperty(Error, 'prepareStackTrace', before);
    else Reflect.deleteProperty(Error, 'prepareStackTrace');
  };
}

/** The frame as the default formatter writes it, with the user's position; null where that is the same. */
function textOf(site: NodeJS.CallSite, positionsOf: PositionsOf): string | null {
  const path = fileOfFrame(site.getFileName());
  const line = site.getLineNumber();
  const column = site.getColumnNumber();
  if (path === null || line === null || column === null) return null;
  const lines = positionsOf(path);
  const origin = lines && segmentAt(lines, line - 1, column - 1);
  if (!origin) return null;
  const text = String(site);
  const at = text.lastIndexOf(`:${line}:${column}`);
  if (at < 0) return null;
  const rest = text.slice(at + `:${line}:${column}`.length);
  return `${text.slice(0, at)}:${origin.originalLine + 1}:${origin.originalColumn + 1}${rest}`;
}

/** A frame of the agent: only the patched `require` of older Nodes leaves one. */
function isOurs(site: NodeJS.CallSite, agentFolders: readonly string[]): boolean {
  const path = fileOfFrame(site.getFileName());
  return path !== null && agentFolders.some((folder) => path.startsWith(folder));
}

/** For a Node whose `Error.prepareStackTrace` is not set: the text V8 would write. */
function withoutFormatter(error: Error, trace: NodeJS.CallSite[]): string {
  return [headOf(error), ...trace.map(String)].join('\n    at ');
}

function headOf(error: Error & { readonly code?: unknown }): string {
  // Node marks its own errors by a symbol it does not share; their text carries the code.
  const own = nodeErrorMark() !== undefined && nodeErrorMark()! in error;
  return own
    ? `${error.name} [${String(error.code)}]: ${error.message}`
    : Error.prototype.toString.call(error);
}

let mark: symbol | null | undefined;

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
