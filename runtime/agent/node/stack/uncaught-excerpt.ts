/**
 * The line of source that Node prints above an uncaught error comes from the text that runs, which is ours. When an
 * error is about to end the process, Node is told that source maps are on and given the maps of the instrumented
 * files; it then prints the user's line, at the place that only V8 knows (`throw` may stand far from `new Error`).
 *
 * Until then source maps stay as the program had them: switched on they would change every stack. What remains to be
 * seen: for ES modules Node writes the path above such a line, and not the URL.
 */
import module from 'node:module';
import { basename } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { encodeMappings } from '../instrument/source-map.ts';
import { fileOfFrame } from './frame-file.ts';
import { programUsesSourceMaps, switchSourceMapsOn } from './source-maps-switch.ts';
import { type PositionsOf } from './user-positions.ts';

/** No crash waits for more maps than this. */
const MAX_FILES = 300;

interface ModuleClass {
  new (id: string): { _compile(content: string, path: string): unknown };
  readonly prototype: { _compile(content: string, path: string): unknown };
}

/**
 * @param files paths of instrumented files known on this thread
 * @returns what takes the listener off again
 */
export function installUncaughtExcerpt(positionsOf: PositionsOf, files: () => Iterable<string>): () => void {
  if (!isMainThread) return () => {};
  const Module = module as unknown as ModuleClass;
  const { _compile: compile } = Module.prototype;

  const giveMap = (path: string): void => {
    const lines = positionsOf(path);
    if (lines === null) return;
    const map = {
      version: 3,
      sources: [encodeURIComponent(basename(path))],
      names: [],
      mappings: encodeMappings(lines),
    };
    const url = `data:application/json;base64,${Buffer.from(JSON.stringify(map)).toString('base64')}`;
    // Node takes the map of a text when it compiles it. An empty text under the same name does.
    compile.call(new Module(path), `\n//# source${'MappingURL'}=${url}`, path);
  };
  const onUncaught = (error: unknown): void => {
    try {
      if (process.listenerCount('uncaughtException') > 0 || process.hasUncaughtExceptionCaptureCallback())
        return;
      if (programUsesSourceMaps()) return;
      switchSourceMapsOn();
      for (const path of new Set([...framesOf(error), ...files()].slice(0, MAX_FILES))) giveMap(path);
    } catch {
      // The error is the user's; what we add to it must not become another.
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
