/**
 * Promises of Node's own functions, by the name of the function: a task that awaits
 * `readFile(path)` waits for "readFile". There is one resource per name, and more only while
 * several of its promises are awaited at once (`ResourcePool`).
 *
 * It looks at nothing but which function was called, and at the name of an event: at no path, no
 * address, nothing of what is read or written. It leaves alone the methods of objects that Node
 * makes later (file handles, responses, sockets): when a wait for one of their promises ends, the
 * event from outside that ended it is recorded.
 */
import { createRequire } from 'node:module';
import { REASON, RESOURCE_KIND } from '../../../trace/format/kinds.ts';
import { builtIns, SafeMap } from '../../../recorder/built-ins.ts';
import type { Recorder } from '../../../recorder/recorder.ts';
import { ResourcePool } from '../state/resource-pool.ts';
import { replaceBuiltin, undoAll } from '../builtins/replace-builtin.ts';
import type { ThreadState } from '../state/thread-state.ts';
import { bindPool, promiseInfoOf } from '../state/promise-info.ts';

const IO = REASON.io;
const EVENT = REASON.event;
const KIND_IO = RESOURCE_KIND.io;
const KIND_EVENT = RESOURCE_KIND.event;

/**
 * Modules whose functions return promises that an event from outside settles; `null`: all of them.
 */
const MODULES: readonly (readonly [module: string, names: readonly string[] | null])[] = [
  ['node:fs/promises', null],
  ['node:dns/promises', null],
  ['node:stream/promises', null],
];
/** Names of events come from the program: beyond this many, events stay unnamed. */
const MAX_NAMES = 1000;

type NameOf = (args: readonly unknown[]) => string;

/** Told of a call, before its promise can settle: `once`, `pipeline`. */
export type IoCalls = Readonly<Record<string, (args: readonly unknown[], result: unknown) => void>>;

/** @param calls by the name of the function; a built-in is replaced once */
export function patchIoPromises(state: ThreadState, recorder: Recorder, calls: IoCalls = {}): () => void {
  // Through require: an import's names cannot be replaced, the module object's can (see
  // syncBuiltinESMExports).
  const require = createRequire(import.meta.url);
  const pools = new SafeMap<string, ResourcePool>();
  const undo: (() => void)[] = [];

  function poolOf(kind: number, name: string): ResourcePool | null {
    const key = `${kind} ${name}`;
    const known = pools.get(key);
    if (known !== undefined) return known;
    if (pools.size >= MAX_NAMES) return null;
    const pool = new ResourcePool(recorder, kind, 0, recorder.defineText(name));
    pools.set(key, pool);
    return pool;
  }

  function namePromise(result: unknown, reason: number, kind: number, name: string): unknown {
    // Calls that libraries make for themselves, far from any activation of the user's, stay
    // unnamed.
    if ((state.current !== null || state.creator !== 0) && typeof result === 'object' && result !== null) {
      const info = promiseInfoOf(result);
      if (info !== undefined && info.owner === null && info.resource === 0) {
        const pool = poolOf(kind, name);
        if (pool !== null) bindPool(info, reason, pool);
      }
    }
    return result;
  }

  /**
   * Puts a proxy in a function's place. Most of these are async functions: a wrapper that is one as
   * well would return another promise than theirs.
   */
  function watchFunction(host: object, name: string, reason: number, kind: number, nameOf: NameOf): void {
    undo.push(
      replaceBuiltin(
        host,
        name,
        (original) =>
          new Proxy(original, {
            apply(target, self, args: unknown[]) {
              const result: unknown = builtIns.apply(target, self, args);
              calls[name]?.(args, result);
              return namePromise(result, reason, kind, nameOf(args));
            },
          }),
      ),
    );
  }

  for (const [path, names] of MODULES) {
    const module = require(path) as Record<string, unknown>;
    for (const name of names ?? Object.keys(module)) {
      // Classes return no promises.
      const value = Object.getOwnPropertyDescriptor(module, name)?.value as unknown;
      if (typeof value === 'function' && !/^[A-Z]/.test(name)) {
        watchFunction(module, name, IO, KIND_IO, () => name);
      }
    }
  }
  watchFunction(globalThis, 'fetch', IO, KIND_IO, () => 'fetch');
  watchFunction(require('node:events') as object, 'once', EVENT, KIND_EVENT, ([, name]) =>
    typeof name === 'string' ? name : '',
  );
  return () => undoAll(undo);
}
