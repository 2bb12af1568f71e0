/**
 * Stack traces with the positions of the user's text. The lines are right anyway; the columns in
 * frames of instrumented files are mapped back. All other text is Node's own: the default formatter
 * makes it, and only numbers change.
 *
 * A program's own `Error.prepareStackTrace` wins, as it does untraced. It sees V8's columns, for
 * call sites cannot be changed. With `--enable-source-maps` Node maps by itself, through the map in
 * each emitted text, and this does nothing.
 */
import { type MappedLines, segmentAt } from '../instrument/source-map.ts';
import { disguiseAs } from '../builtins/replace-builtin.ts';
import { fileOfFrame } from './frame-file.ts';
import { programUsesSourceMaps } from './source-maps-switch.ts';

export type PositionsOf = (path: string) => MappedLines | null;
type Formatter = (error: Error, trace: NodeJS.CallSite[]) => unknown;

/** @returns what restores the former formatter */
export function installUserPositions(positionsOf: PositionsOf, agentFolders: readonly string[]): () => void {
  const former = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace');
  if (former?.get) return () => {};
  const formatted = (former?.value as Formatter | undefined) ?? withoutFormatter;

  // The name is that of Node's own formatter, which this replaces.
  function ErrorPrepareStackTrace(error: Error, trace: NodeJS.CallSite[]): unknown {
    if (programUsesSourceMaps()) return formatted(error, trace);
    try {
      const visible = trace.filter((site) => !isOfAgent(site, agentFolders));
      const texts = visible.map((site) => textOf(site, positionsOf));
      if (visible.length === trace.length && texts.every((text) => text === null))
        return formatted(error, trace);
      const head = formatted(error, []);
      if (typeof head !== 'string') return formatted(error, trace);
      return [head, ...visible.map((site, i) => texts[i] ?? frameOf(site))].join('\n    at ');
    } catch {
      return formatted(error, trace);
    }
  }
  Object.defineProperty(Error, 'prepareStackTrace', {
    value:
      former?.value === undefined
        ? ErrorPrepareStackTrace
        : disguiseAs(ErrorPrepareStackTrace, formatted as () => void),
    writable: true,
    enumerable: former?.enumerable ?? false,
    configurable: true,
  });
  return () => {
    if (Error.prepareStackTrace !== ErrorPrepareStackTrace) return;
    if (former) Object.defineProperty(Error, 'prepareStackTrace', former);
    else Reflect.deleteProperty(Error, 'prepareStackTrace');
  };
}

/**
 * The frame as the default formatter writes it, at the user's position; null where it is the same.
 */
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

/** V8 names this method by the property that holds it, where the loader's patch stands. */
function frameOf(site: NodeJS.CallSite): string {
  return String(site).replace(/^Module\.<anonymous> (?=\(node:internal\/modules\/cjs\/)/, 'Module._compile ');
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
