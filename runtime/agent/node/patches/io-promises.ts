/**
 * Promises that Node's own functions give to the user's code, by the name of the function: who awaits `readFile(path)` waits for
 * "readFile". One resource a name, and more only while several are waited for at once (`Origin`). It looks at nothing but which
 * function was called (and the name of an event): no path, no address, nothing of what is read or written.
 *
 * Methods of objects that Node makes later (file handles, responses, sockets) are left alone: what settled their promises
 * is told by its root at the wait's end.
 */
import { createRequire } from 'node:module';
import { REASON, RESOURCE_KIND } from '../../../trace/format/kinds.ts';
import type { Recorder } from '../../../recorder/recorder.ts';
import { ResourcePool } from '../state/resource-pool.ts';
import { replaceBuiltin } from '../builtins/replace-builtin.ts';
import type { ThreadState } from '../state/thread-state.ts';
import { promiseInfoOf } from '../promises/promise-hooks.ts';

const IO = REASON.io;
const EVENT = REASON.event;
const KIND_IO = RESOURCE_KIND.io;
const KIND_EVENT = RESOURCE_KIND.event;

/** Modules whose functions give promises that the world settles; `null`: all that the module has. */
const MODULES: readonly (readonly [module: string, names: readonly string[] | null])[] = [
  ['node:fs/promises', null],
  ['node:dns/promises', null],
  ['node:stream/promises', null],
];
/** Names of events come from the program: beyond these many different ones they stay unnamed. */
const MAX_NAMES = 1000;

type NameOf = (args: readonly unknown[]) => string;

export function patchIoPromises(moment: ThreadState, recorder: Recorder): () => void {
  // Through require: an import's names cannot be replaced, the module object's can (see syncBuiltinESMExports).
  const require = createRequire(import.meta.url);
  const origins = new Map<string, ResourcePool>();
  const undo: (() => void)[] = [];

  function originOf(kind: number, name: string): ResourcePool | null {
    const key = `${kind} ${name}`;
    const known = origins.get(key);
    if (known !== undefined) return known;
    if (origins.size >= MAX_NAMES) return null;
    const origin = new ResourcePool(recorder, kind, 0, recorder.text(name));
    origins.set(key, origin);
    return origin;
  }

  function named(result: unknown, reason: number, kind: number, name: string): unknown {
    // What libraries ask for themselves, far from any activation of the user's, is not recorded.
    if ((moment.current !== null || moment.creator !== 0) && typeof result === 'object' && result !== null) {
      const link = promiseInfoOf(result);
      if (link !== undefined && link.owner === null && link.resource === 0) {
        const origin = originOf(kind, name);
        if (origin === null) return result;
        link.pool = origin;
        link.resource = origin.shared;
        link.reason = reason;
      }
    }
    return result;
  }

  /** A proxy: most of these are async functions, which no function of ours could be and still give their promise. */
  function watch(host: object, name: string, reason: number, kind: number, nameOf: NameOf): void {
    undo.push(
      replaceBuiltin(
        host,
        name,
        (original) =>
          new Proxy(original, {
            apply: (target, self, args: unknown[]) =>
              named(Reflect.apply(target, self, args), reason, kind, nameOf(args)),
          }),
      ),
    );
  }

  for (const [path, names] of MODULES) {
    const module = require(path) as Record<string, unknown>;
    for (const name of names ?? Object.keys(module)) {
      // Classes give no promises.
      const is = Object.getOwnPropertyDescriptor(module, name)?.value as unknown;
      if (typeof is === 'function' && !/^[A-Z]/.test(name)) watch(module, name, IO, KIND_IO, () => name);
    }
  }
  watch(globalThis, 'fetch', IO, KIND_IO, () => 'fetch');
  watch(require('node:events') as object, 'once', EVENT, KIND_EVENT, ([, name]) =>
    typeof name === 'string' ? name : '',
  );
  return () => undo.forEach((back) => back());
}
