/**
 * Connections that requests share, as records: a resource for each group of them, and what becomes
 * of the requests (`USES`).
 */
import { FLAG, KIND, RESOURCE_KIND, type USE } from '../../../trace/format/kinds.ts';
import type { Recorder } from '../../../recorder/recorder.ts';
import type { UncaughtErrors } from '../errors/uncaught-errors.ts';
import { TimeBudget } from '../stack/time-budget.ts';
import type { ThreadState } from '../state/thread-state.ts';

/** Who made a request. */
export interface Asker {
  /** Id of the activation, or 0. */
  readonly task: number;
  /** Id of the site, or 0. */
  readonly site: number;
}

export type ConnectionUse = (typeof USE)['queued' | 'holds' | 'unread' | 'gave-back'];

interface NewConnections {
  /** What they are called: "agent", "the connections to 127.0.0.1:80". */
  readonly name: string;
  readonly capacity: number;
  /** Id of the site that made what has them, and of the activation, or 0. */
  readonly site: number;
  readonly creator: number;
}

const BOUNDED = RESOURCE_KIND.connections | FLAG.resourceBounded;

export class ConnectionRecords {
  readonly #recorder: Recorder;
  readonly #state: ThreadState;
  readonly #errors: UncaughtErrors;
  readonly #budget = new TimeBudget();

  constructor(recorder: Recorder, state: ThreadState, errors: UncaughtErrors) {
    this.#recorder = recorder;
    this.#state = state;
    this.#errors = errors;
  }

  /** The code that runs now makes a request. */
  askerHere(): Asker {
    const { current, creator } = this.#state;
    const site = this.#errors.siteWithin(this.#budget);
    return { task: current?.id ?? creator, site };
  }

  /** @returns the id of the resource */
  begin({ name, capacity, site, creator }: NewConnections): number {
    const recorder = this.#recorder;
    const id = recorder.nextId();
    recorder.write(KIND.resourceBegin, BOUNDED, creator, id, site, recorder.defineText(name), capacity);
    return id;
  }

  use(how: ConnectionUse, { task, site }: Asker, resource: number): void {
    this.#recorder.write(KIND.use, how, task, resource, site, 0, 0);
  }
}
