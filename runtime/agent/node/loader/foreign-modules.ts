/**
 * Packages that are watched from outside: their files are left as they are, and what they export is
 * seen once it is there. A file is known by its path when it is read, before it runs; that it has
 * run is seen when the next file of any package is read, when the next file of the program begins,
 * when what loads it is over, or in the next turn of the loop.
 */
import module from 'node:module';
import { sep } from 'node:path';
import { builtIns } from '../../../recorder/built-ins.ts';

interface Watched {
  /** `bullmq/dist/cjs/classes/worker.js` */
  readonly path: string;
  readonly onLoaded: (exports: object) => void;
}

interface Loading {
  readonly path: string;
  readonly onLoaded: (exports: object) => void;
}

/** By what stands first in them: the name of their package. */
const watched: Watched[] = [];
const packages: string[] = [];
const loading: Loading[] = [];
let isLookDue = false;

const internals = module as unknown as {
  readonly _cache: Record<string, { readonly loaded?: unknown; readonly exports?: unknown } | undefined>;
};

/**
 * Calls back each time that a copy of a package's file has run.
 * @param file from the name of the package on, with `/`
 */
export function whenForeignLoaded(file: string, onLoaded: (exports: object) => void): void {
  const path = file.split('/').join(sep);
  const name = path.slice(0, path.indexOf(sep));
  if (packages.at(-1) !== name) packages.push(name);
  watched.push({ path: `node_modules${sep}${path}`, onLoaded });
}

/** A file of a package is read, and is about to run. */
export function noteForeignFile(path: string): void {
  noteForeignLoaded();
  if (!isOfWatched(path)) return;
  for (let i = 0; i < watched.length; i++) {
    const { path: end, onLoaded } = watched[i]!;
    if (builtIns.slice(path, -end.length) === end) loading[loading.length] = { path, onLoaded };
  }
  if (loading.length === 0 || isLookDue) return;
  isLookDue = true;
  // From Node 22 on an `import()` may be done before the loop turns.
  builtIns.queueMicrotask(noteForeignLoaded);
  builtIns
    .setImmediate(() => {
      isLookDue = false;
      noteForeignLoaded();
    })
    .unref();
}

function isOfWatched(path: string): boolean {
  for (let i = 0; i < packages.length; i++) if (builtIns.indexOf(path, packages[i]!) >= 0) return true;
  return false;
}

/** Looks which of them have run. */
export function noteForeignLoaded(): void {
  if (loading.length === 0) return;
  let left = 0;
  for (let i = 0; i < loading.length; i++) {
    const each = loading[i]!;
    const { loaded, exports } = internals._cache[each.path] ?? {};
    if (loaded !== true) {
      loading[left++] = each;
      continue;
    }
    try {
      const isThing = typeof exports === 'object' || typeof exports === 'function';
      if (isThing && exports !== null) each.onLoaded(exports);
    } catch {
      // It is not watched. The program is just loading a module of its own.
    }
  }
  loading.length = left;
}
