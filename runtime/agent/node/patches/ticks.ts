/**
 * `process.nextTick` and `queueMicrotask` carry the cause: whatever the callback does is done by
 * the activation that asked for it. V8 reports neither, so the callback is wrapped. An argument
 * that is no function is left to Node, which throws its own error.
 */
import { replaceBuiltin, undoAll } from '../builtins/replace-builtin.ts';
import { builtIns } from '../../../recorder/built-ins.ts';
import type { AsyncResources } from '../promises/async-resources.ts';
import { SETTLER } from '../state/activation.ts';
import type { ThreadState } from '../state/thread-state.ts';
import { clearCause, setCause } from '../state/transitions.ts';

type Callback = (...args: unknown[]) => unknown;

const { apply } = builtIns;

/** Whoever looks for what asks for one tick after another (holds/rearming-ticks.ts). */
export interface TickWatch {
  readonly isWatching: boolean;
  note(name: string): void;
}

export function patchTickQueues(
  state: ThreadState,
  asyncResources: AsyncResources,
  watch: TickWatch | null,
): () => void {
  const undo = [[process, 'nextTick'] as const, [globalThis, 'queueMicrotask'] as const].map(([host, name]) =>
    replaceBuiltin(host, name, (original) => {
      return {
        [name](this: unknown, ...args: unknown[]): unknown {
          const callback = args[0];
          if (typeof callback === 'function') {
            if (watch !== null && watch.isWatching)
              watch.note(name === 'nextTick' ? 'process.nextTick' : name);
            args[0] = withCause(state, asyncResources, callback as Callback);
          }
          return apply(original, this, args);
        },
      }[name]!;
    }),
  );
  return () => undoAll(undo);
}

/** The callback, run with the cause of this moment; the callback itself where there is none. */
function withCause(state: ThreadState, asyncResources: AsyncResources, callback: Callback): Callback {
  const { current } = state;
  let settler = state.causeSettler;
  let resource = state.causeResource;
  let creator = state.creator;
  if (current !== null) {
    settler = current.id;
    resource = current.resource;
    creator = current.id;
  } else if (settler === 0) {
    resource = asyncResources.current();
    if (resource === 0) return callback;
    settler = SETTLER.external;
  }
  return function (this: unknown, ...args: unknown[]): unknown {
    setCause(state, settler, resource, null, creator);
    try {
      return apply(callback, this, args);
    } finally {
      clearCause(state);
    }
  };
}
