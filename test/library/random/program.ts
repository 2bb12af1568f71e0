/**
 * Random programs of the whole library, as data: tasks of both kinds whose steps wait for queues,
 * permits, groups, races, limits of time and jobs of pools. The same seed gives the same program;
 * the order in which its parts run is the machine's.
 */
import { random } from '../../../runtime/index.ts';

/** What a job of a pool does; some end their worker, `endless` only ends with its worker. */
export const DOINGS = ['number', 'later', 'block', 'spin', 'error', 'exit', 'kill', 'endless'] as const;
export type Doing = (typeof DOINGS)[number];

/** How the result of a job is asked for, and whether that is given up. */
export type JobStep =
  | { readonly kind: 'apply'; readonly doing: Doing; readonly stop: 'no' | 'cancel' | 'signal' }
  | { readonly kind: 'map'; readonly doings: readonly Doing[]; readonly chunkSize: number }
  | {
      readonly kind: 'imap';
      readonly doings: readonly Doing[];
      readonly isAsync: boolean;
      readonly ahead: number;
      /** The loop is left behind so many results. */
      readonly take: number;
    };

export type Step =
  | { readonly kind: 'sleep'; readonly ms: number }
  | { readonly kind: 'put'; readonly queue: number; readonly count: number }
  | { readonly kind: 'get'; readonly queue: number; readonly ms: number }
  | { readonly kind: 'race for items' | 'gather of items' }
  | { readonly kind: 'race for a permit'; readonly permits: number }
  | { readonly kind: 'holding'; readonly what: 'lock' | 'permits'; readonly body: Body }
  | { readonly kind: 'group' | 'gather' | 'race'; readonly bodies: readonly Body[] }
  | { readonly kind: 'timeout' | 'cancelled'; readonly ms: number; readonly body: Body }
  | { readonly kind: 'job'; readonly pool: number; readonly job: JobStep };

export interface Body {
  readonly isCoroutine: boolean;
  readonly steps: readonly Step[];
}

export interface Program {
  /** Without jobs: played on the virtual clock, in an order drawn from this; else null. */
  readonly virtualSeed: number | null;
  /** Infinity: without bound. */
  readonly capacities: readonly number[];
  readonly permits: number;
  readonly bodies: readonly Body[];
  /** After how many ms each body is cancelled; null: it is not. */
  readonly cancelledAfterMs: readonly (number | null)[];
  /** After how many ms the whole run is aborted; null: it is not. */
  readonly abortedAfterMs: number | null;
}

/** How deep bodies may stand in each other. */
const MAX_DEPTH = 3;

export function makeProgram(seed: number, pools: number): Program {
  const next = random(seed);
  const int = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1));
  const pick = <T>(list: readonly T[]): T => list[int(0, list.length - 1)]!;
  const chance = (part: number): boolean => next() < part;
  const list = <T>(min: number, max: number, make: () => T): T[] =>
    Array.from({ length: int(min, max) }, make);

  const hasJobs = chance(0.3);
  const doing = (): Doing => (chance(0.6) ? pick(['number', 'later', 'block', 'spin']) : pick(DOINGS));
  /** What comes to an end by itself. */
  const ending = (): Doing => {
    const made = doing();
    return made === 'endless' ? 'spin' : made;
  };
  const job = (): JobStep => {
    if (chance(0.6)) {
      const made = doing();
      const isStopped = made === 'endless' || chance(0.15);
      const stop = isStopped ? pick(['cancel', 'signal'] as const) : 'no';
      return { kind: 'apply', doing: made, stop };
    }
    if (chance(0.5)) return { kind: 'map', doings: list(0, 6, ending), chunkSize: int(1, 3) };
    return {
      kind: 'imap',
      doings: list(0, 6, ending),
      isAsync: chance(0.5),
      ahead: int(1, 3),
      take: int(1, 8),
    };
  };
  const step = (depth: number): Step => {
    const inner = (): Body => body(depth + 1);
    const bodies = (): Body[] => list(1, 3, inner);
    const flat: (() => Step)[] = [
      () => ({ kind: 'sleep', ms: int(0, 3) }),
      () => ({ kind: 'put', queue: int(0, 1), count: int(1, 3) }),
      () => ({ kind: 'put', queue: int(0, 1), count: int(1, 3) }),
      () => ({ kind: 'get', queue: int(0, 1), ms: int(0, 4) }),
      () => ({ kind: 'get', queue: int(0, 1), ms: int(0, 4) }),
      () => ({ kind: pick(['race for items', 'gather of items']) }),
      () => ({ kind: 'race for items' }),
      () => ({ kind: 'race for a permit', permits: int(1, 2) }),
    ];
    const jobs: (() => Step)[] = Array(6).fill(() => ({
      kind: 'job',
      pool: int(0, pools - 1),
      job: job(),
    }));
    const deep: (() => Step)[] = [
      () => ({ kind: 'holding', what: pick(['lock', 'permits']), body: inner() }),
      () => ({ kind: pick(['group', 'gather', 'race']), bodies: bodies() }),
      () => ({ kind: pick(['timeout', 'cancelled']), ms: int(0, 60), body: inner() }),
    ];
    if (depth < MAX_DEPTH && chance(0.35)) return pick(deep)();
    return pick(hasJobs ? [...flat, ...jobs] : flat)();
  };
  const body = (depth: number): Body => ({
    isCoroutine: chance(0.5),
    steps: list(1, depth === 0 ? 5 : 3, () => step(depth)),
  });

  const bodies = list(1, 5, () => body(0));
  return {
    virtualSeed: hasJobs ? null : seed,
    capacities: [int(1, 3), Infinity],
    permits: int(1, 3),
    bodies,
    cancelledAfterMs: bodies.map(() => (chance(0.3) ? int(0, 200) : null)),
    abortedAfterMs: chance(0.1) ? int(0, 200) : null,
  };
}
