/**
 * What can settle a promise of the user's: the two functions that V8 gave its executor.
 *
 *   made      the info of the promise holds both: they live as long as it does
 *   awaited   the list of what is waited for holds them, at first as they are, then weakly
 *   over      the promise is settled, or another promise decides
 *
 * A plain record: one is made for each `new Promise` of the user's. Besides those functions it
 * holds numbers alone.
 */
import type { SafeRef } from '../../../recorder/built-ins.ts';

export class Resolvers {
  /** `resolve`, or the one of both that the executor uses; null: over, or held weakly. */
  first: object | null;
  /** `reject`; null: the executor cannot use it, or as `first`. */
  second: object | null;
  firstRef: SafeRef<object> | null = null;
  secondRef: SafeRef<object> | null = null;
  /** Id of the site of the `new Promise`; 0: it is not known to be a promise of V8's own. */
  site = 0;
  /** Id of the activation that waits for it; 0: none has so far. */
  task = 0;
  /** The ids of more of them; null: there are none. */
  otherTasks: number[] | null = null;
  /** How often the list was pruned meanwhile. */
  age = 0;
  /** Whose listeners alone can settle it (instrument/heard-events.ts); null: not known. */
  emitter: SafeRef<object> | null = null;
  /** Told of the first activation that waits for it. */
  onAwaited: ((task: number) => void) | null = null;
  isOver = false;
  /** Garbage was collected for its sake. */
  isSought = false;

  constructor(first: object, second: object | null) {
    this.first = first;
    this.second = second;
  }
}

/** Nothing depends on them any more. */
export function endResolvers(resolvers: Resolvers): void {
  resolvers.isOver = true;
  resolvers.first = resolvers.second = null;
}
