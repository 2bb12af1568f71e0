/**
 * `process.nextTick` and `queueMicrotask` carry the cause: what a tick does is done by whoever asked for the tick.
 * V8 tells of neither, so the callback is wrapped; anything that is no function is left to Node, whose error it is.
 */
import { replace } from './disguise.ts';
import { BY, type Moment } from './moment.ts';
import type { Roots } from './promises.ts';

type Callback = (...args: unknown[]) => unknown;

export function carryTicks(moment: Moment, roots: Roots): () => void {
  const restore = [[process, 'nextTick'] as const, [globalThis, 'queueMicrotask'] as const].map(
    ([host, name]) =>
      replace(host, name, (original) => {
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

function carry(moment: Moment, roots: Roots, callback: Callback): Callback {
  const { current } = moment;
  let by = moment.causeBy;
  let via = moment.causeVia;
  let creator = moment.creator;
  if (current !== null) {
    by = current.id;
    via = current.of;
    creator = current.id;
  } else if (by === 0) {
    via = roots.now();
    if (via === 0) return callback;
    by = BY.external;
  }
  return function (this: unknown, ...args: unknown[]): unknown {
    moment.causeBy = by;
    moment.causeVia = via;
    moment.creator = creator;
    try {
      return Reflect.apply(callback, this, args);
    } finally {
      moment.causeBy = 0;
      moment.causeVia = 0;
      moment.creator = 0;
    }
  };
}
