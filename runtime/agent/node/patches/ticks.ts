/**
 * `process.nextTick` and `queueMicrotask` carry the cause: what a tick does is done by whoever asked for the tick.
 * V8 tells of neither, so the callback is wrapped; anything that is no function is left to Node, whose error it is.
 */
import { replaceBuiltin } from '../builtins/replace-builtin.ts';
import { SETTLER, type ThreadState } from '../state/thread-state.ts';
import type { AsyncResources } from '../promises/promise-hooks.ts';

type Callback = (...args: unknown[]) => unknown;

export function patchNextTick(moment: ThreadState, roots: AsyncResources): () => void {
  const restore = [[process, 'nextTick'] as const, [globalThis, 'queueMicrotask'] as const].map(
    ([host, name]) =>
      replaceBuiltin(host, name, (original) => {
        return {
          [name](this: unknown, callback: unknown, ...args: unknown[]): unknown {
            const carried =
              typeof callback === 'function' ? carry(moment, roots, callback as Callback) : callback;
            return Reflect.apply(original, this, [carried, ...args]);
          },
        }[name]!;
      }),
  );
  return () => restore.forEach((undo) => undo());
}

function carry(moment: ThreadState, roots: AsyncResources, callback: Callback): Callback {
  const { current } = moment;
  let by = moment.causeSettler;
  let via = moment.causeResource;
  let creator = moment.creator;
  if (current !== null) {
    by = current.id;
    via = current.resource;
    creator = current.id;
  } else if (by === 0) {
    via = roots.now();
    if (via === 0) return callback;
    by = SETTLER.external;
  }
  return function (this: unknown, ...args: unknown[]): unknown {
    moment.causeSettler = by;
    moment.causeResource = via;
    moment.creator = creator;
    try {
      return Reflect.apply(callback, this, args);
    } finally {
      moment.causeSettler = 0;
      moment.causeResource = 0;
      moment.creator = 0;
    }
  };
}
