/**
 * Promise.all, allSettled, race and any: which promises a group consists of. The children are the
 * elements of the array as they are after the call. It refuses to run any other iterable a second
 * time: the children of such a group stay unknown.
 */
import { GROUP_KIND } from '../../../trace/format/kinds.ts';
import { builtIns } from '../../../recorder/built-ins.ts';
import { replaceBuiltin, undoAll } from '../builtins/replace-builtin.ts';
import type { ThreadState } from '../state/thread-state.ts';
import type { Probes } from '../probes/probes.ts';

const METHODS = [
  ['all', 'all'],
  ['allSettled', 'all-settled'],
  ['race', 'race'],
  ['any', 'any'],
] as const;

export function patchPromiseCombinators(state: ThreadState, probes: Probes): () => void {
  const restore = METHODS.map(([method, kindName]) => {
    const kind = GROUP_KIND[kindName];
    const name = `Promise.${method}`;
    return replaceBuiltin(Promise, method, (original) => {
      // A method, so that it has no `prototype` and cannot be constructed, like the original.
      return {
        [method](this: unknown, ...args: unknown[]): unknown {
          const result: unknown = builtIns.apply(original, this, args);
          const children = args[0];
          // Groups that libraries make for themselves, far from the user's code, are not recorded.
          if ((state.current !== null || state.creator !== 0) && builtIns.isArray(children)) {
            if (typeof result === 'object' && result !== null)
              probes.recordGroup(kind, name, result, children);
          }
          return result;
        },
      }[method]!;
    });
  });
  return () => undoAll(restore);
}
