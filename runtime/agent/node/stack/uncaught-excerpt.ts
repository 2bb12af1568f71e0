/**
 * Node prints a line of source above what ends a program. It takes the line from the text that
 * runs, which is the instrumented one. When that is about to happen, source maps are switched on
 * and Node gets the maps of the instrumented files. It then prints the user's line, at a place that
 * only V8 knows (`throw` may stand far from `new Error`).
 *
 * Until then source maps stay as the program had them: switched on, they would change every stack.
 * One difference remains: for ES modules Node prints the path above such a line, and not the URL.
 */
import module from 'node:module';
import { basename } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { encodeMappings } from '../instrument/source-map.ts';
import { fileOfFrame } from './frame-file.ts';
import { switchSourceMapsOn } from './source-maps-switch.ts';
import { type PositionsOf } from './user-positions.ts';

/** Bounds the time that a crash takes. */
const MAX_FILES = 300;

interface ModuleClass {
  new (id: string): { _compile(content: string, path: string): unknown };
  readonly prototype: { _compile(content: string, path: string): unknown };
}

export interface ExcerptSources {
  readonly positionsOf: PositionsOf;
  /** The `data:` URL of a map that was withheld from Node. */
  readonly withheldMapOf: (path: string) => string | null;
  /** Whether Node itself maps what runs for a file. */
  readonly isMappedByNode: (path: string) => boolean;
  /** The text that V8 would have untraced; null where it is the file's. */
  readonly textOf: (path: string) => string | null;
  /** Paths of instrumented files known on this thread. */
  readonly files: () => Iterable<string>;
}

/** Called when Node is about to print a line. `cause`: the error for which it does, if any. */
export type ShowUserLines = (cause?: unknown) => void;

export function userLines(sources: ExcerptSources): ShowUserLines {
  const { positionsOf, withheldMapOf, isMappedByNode, textOf, files } = sources;
  const { _compile: compile } = (module as unknown as ModuleClass).prototype;
  const Module = module as unknown as ModuleClass;
  let areShown = !isMainThread;

  function registerMap(path: string, hasText: boolean): void {
    if (isMappedByNode(path)) return;
    const url = withheldMapOf(path) ?? mapOf(path, hasText);
    // Node reads the map of a text when it compiles the text. An empty text of that name suffices.
    if (url !== null) compile.call(new Module(path), `\n//# source${'MappingURL'}=${url}`, path);
  }

  function mapOf(path: string, hasText: boolean): string | null {
    const lines = positionsOf(path);
    if (lines === null) return null;
    const map = {
      version: 3,
      sources: [encodeURIComponent(basename(path))],
      sourcesContent: [hasText ? textOf(path) : null],
      names: [],
      mappings: encodeMappings(lines),
    };
    return `data:application/json;base64,${Buffer.from(JSON.stringify(map)).toString('base64')}`;
  }

  return (cause) => {
    if (areShown) return;
    areShown = true;
    try {
      const nearest = new Set(framesOf(cause));
      const paths = new Set([...nearest, ...files()].slice(0, MAX_FILES));
      switchSourceMapsOn();
      for (const path of paths) registerMap(path, nearest.has(path));
    } catch {
      // The error is the user's: a fault of ours must not replace it.
    }
  };
}

const { getOwnPropertyDescriptor } = Reflect;
/** Newer versions of V8 keep the stack behind an accessor of V8's own. */
const stackGetter = getOwnPropertyDescriptor(new Error(''), 'stack')?.get;

/** The files in a stack that is V8's own; a getter of the program's is not called. */
function framesOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const found = getOwnPropertyDescriptor(error, 'stack');
  const isNative = found !== undefined && found.get === stackGetter;
  const stack: unknown = isNative ? (error.stack as unknown) : undefined;
  if (typeof stack !== 'string') return [];
  const frames = stack.matchAll(/^ {4}at (?:.* \()?(.+):\d+:\d+\)?$/gm);
  return [...frames].flatMap(([, name]) => fileOfFrame(name) ?? []);
}
