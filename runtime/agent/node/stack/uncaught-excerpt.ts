/**
 * Node prints a line of source above an uncaught error. It takes the line from the text that runs,
 * which is the instrumented one. When an error is about to end the process, source maps are
 * switched on and Node gets the maps of the instrumented files. It then prints the user's line, at
 * a place that only V8 knows (`throw` may stand far from `new Error`).
 *
 * Until then source maps stay as the program had them: switched on, they would change every stack.
 * One difference remains: for ES modules Node prints the path above such a line, and not the URL.
 */
import module from 'node:module';
import { basename } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { encodeMappings } from '../instrument/source-map.ts';
import { fileOfFrame } from './frame-file.ts';
import { programUsesSourceMaps, switchSourceMapsOn } from './source-maps-switch.ts';
import { type PositionsOf } from './user-positions.ts';

/** Bounds the time that a crash takes. */
const MAX_FILES = 300;

interface ModuleClass {
  new (id: string): { _compile(content: string, path: string): unknown };
  readonly prototype: { _compile(content: string, path: string): unknown };
}

/**
 * @param files paths of instrumented files known on this thread
 * @returns what removes the listener
 */
export function installUncaughtExcerpt(positionsOf: PositionsOf, files: () => Iterable<string>): () => void {
  if (!isMainThread) return () => {};
  const Module = module as unknown as ModuleClass;
  const { _compile: compile } = Module.prototype;

  const registerMap = (path: string): void => {
    const lines = positionsOf(path);
    if (lines === null) return;
    const map = {
      version: 3,
      sources: [encodeURIComponent(basename(path))],
      names: [],
      mappings: encodeMappings(lines),
    };
    const url = `data:application/json;base64,${Buffer.from(JSON.stringify(map)).toString('base64')}`;
    // Node reads the map of a text when it compiles the text. An empty text of that name suffices.
    compile.call(new Module(path), `\n//# source${'MappingURL'}=${url}`, path);
  };
  const onUncaught = (error: unknown): void => {
    try {
      if (process.listenerCount('uncaughtException') > 0 || process.hasUncaughtExceptionCaptureCallback())
        return;
      if (programUsesSourceMaps()) return;
      switchSourceMapsOn();
      for (const path of new Set([...framesOf(error), ...files()].slice(0, MAX_FILES))) registerMap(path);
    } catch {
      // The error is the user's: a fault of ours must not replace it.
    }
  };
  process.on('uncaughtExceptionMonitor', onUncaught);
  return () => process.off('uncaughtExceptionMonitor', onUncaught);
}

function framesOf(error: unknown): string[] {
  if (!(error instanceof Error) || typeof error.stack !== 'string') return [];
  const frames = error.stack.matchAll(/^ {4}at (?:.* \()?(.+):\d+:\d+\)?$/gm);
  return [...frames].flatMap(([, name]) => fileOfFrame(name) ?? []);
}
