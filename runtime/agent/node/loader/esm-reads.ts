/**
 * ES modules on a Node without load hooks on the program's own thread (20, early 22). Node's loader
 * reads a module's file by `fs.promises.readFile`, and is given the instrumented text there. Hooks
 * on a thread of their own would cost tens of milliseconds, and make every failed import another
 * error than Node's.
 *
 * A call of the program's own gets the file as it is: the stack tells who calls.
 */
import fs from 'node:fs';
import { extname, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { builtIns } from '../../../recorder/built-ins.ts';
import { replaceBuiltin } from '../builtins/replace-builtin.ts';
import { isCalledFrom } from '../stack/user-positions.ts';
import { type FileScope } from './file-scope.ts';
import { namesLibrary } from './library.ts';
import { noteNamedModules } from './named-modules.ts';
import { type Translator } from './translate.ts';

const NODES_LOADER = 'node:internal/modules/esm/load';
/** The proxy, its handler and Node's own functions between. */
const NEAREST_CALLERS = 6;
const SCRIPTS = new Set(['.js', '.mjs', '']);
type ReadFile = (...args: unknown[]) => Promise<unknown>;

/** As Node made it: what its loader reads is no I/O of the program's. */
const nodesReadFile = fs.promises.readFile as ReadFile;

/**
 * @param onLibraryNamed called before Node resolves the imports of a module that names the library
 * @returns what restores the built-in
 */
export function installEsmReads(
  translator: Translator,
  scope: FileScope,
  onLibraryNamed: () => void,
): () => void {
  function finish(path: string, raw: unknown): unknown {
    if (!Buffer.isBuffer(raw)) return raw;
    noteNamedModules(raw);
    if (namesLibrary(raw)) onLibraryNamed();
    if (!scope(path)) {
      if (path.includes(`${sep}node_modules${sep}`)) translator.reportForeign(path);
      return raw;
    }
    const text = raw.toString();
    const code = translator.instrument(path, text, 'module');
    return code === null ? raw : Buffer.from(code);
  }
  // A proxy, for an async function of ours would return another promise than Node's; and of Node's
  // own, for `util.inspect` looks through one proxy and not through two.
  return replaceBuiltin(
    fs.promises,
    'readFile',
    (original) =>
      new Proxy(nodesReadFile as (...args: never[]) => unknown, {
        apply(_, self, args: unknown[]) {
          const path = args.length === 1 ? scriptPathOf(args[0]) : null;
          if (path === null || !isCalledFrom(NODES_LOADER, NEAREST_CALLERS))
            return builtIns.apply(original, self, args as never);
          return finishAfter(nodesReadFile(args[0]), path);
        },
      }),
  );

  async function finishAfter(read: Promise<unknown>, path: string): Promise<unknown> {
    return finish(path, await read);
  }
}

/** The path of a script by its URL; null for any other file. */
function scriptPathOf(file: unknown): string | null {
  if (!(file instanceof URL) || file.protocol !== 'file:' || !SCRIPTS.has(extname(file.pathname)))
    return null;
  try {
    return fileURLToPath(file);
  } catch {
    return null;
  }
}
