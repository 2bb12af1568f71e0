/** What a thread runs, by the thread: whoever joins the thread waits for the end of that. */
import { ACTIVATION_KIND, REASON, RESOURCE_KIND } from '../format/kinds.ts';
import { resourceOfTarget, State } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import type { Wait } from '../model/wait.ts';

export class ThreadBodies {
  readonly #trace: Trace;
  #bodies: Map<number, number> | null = null;

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  /** The row that the wait joins, and that has not ended; −1: it joins none that was recorded. */
  joinedBy({ reason, target }: Pick<Wait, 'reason' | 'target'>): number {
    const { tasks, resources } = this.#trace;
    const resource = resourceOfTarget(target);
    if (reason !== REASON.join || resources[resource]?.kind !== RESOURCE_KIND.thread) return -1;
    const body = (this.#bodies ??= this.#all()).get(resource) ?? -1;
    return body < 0 || tasks.state[body] === State.ended ? -1 : body;
  }

  #all(): Map<number, number> {
    const { count, kind, resource } = this.#trace.tasks;
    const bodies = new Map<number, number>();
    for (let task = 0; task < count; task++)
      if (kind[task] === ACTIVATION_KIND.thread && resource[task]! >= 0) bodies.set(resource[task]!, task);
    return bodies;
  }
}
