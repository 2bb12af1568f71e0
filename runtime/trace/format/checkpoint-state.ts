/** What is remembered of a part's records: all that a checkpoint of them holds. */
import { KIND_ROWS } from './kinds.ts';
import { W } from './layout.ts';

/** One record, and where it stood. */
export interface Kept {
  order: number;
  readonly words: Uint32Array;
}

export interface Text {
  lastUse: number;
  readonly pieces: Uint32Array[];
}

export interface Site {
  lastUse: number;
  readonly words: Uint32Array;
}

export interface Task {
  readonly begin: Kept;
  readonly parent: number;
  /** The last of each; of a row's frames the one that ran last speaks for the row. */
  run: Kept | null;
  /** Null: it has not waited since its last run. */
  wait: Kept | null;
  wake: Kept | null;
  isRunning: boolean;
  /** Id of the child that began last; 0: the task wrote a record after that. */
  lastChild: number;
  /** The caller that awaited it at once; 0: it is a row. */
  frameOf: number;
  absorbed: Kept | null;
  /** Its chunk, its cancel and the ends of links that it received. */
  readonly more: Kept[];
}

export interface Resource {
  lastUse: number;
  readonly begin: Kept;
  end: Kept | null;
  level: Kept | null;
  /** Members of a group, and the spawn of a thread or process. */
  readonly more: Kept[];
}

export class CheckpointState {
  clock: Kept | null = null;
  processBegin: Kept | null = null;
  processEnd: Kept | null = null;
  virtualClock: Kept | null = null;
  readonly notices: Kept[] = [];
  /** By the flags and the lane: all losses of a sort as one. */
  readonly lost = new Map<number, Kept>();
  readonly lanes = new Map<number, Kept>();
  readonly endedLanes = new Set<number>();
  readonly pauses = new Map<number, Kept>();
  readonly texts = new Map<number, Text>();
  readonly sites = new Map<number, Site>();
  readonly tasks = new Map<number, Task>();
  readonly resources = new Map<number, Resource>();
  /** Calls of pools that were not answered, by their token and its process. */
  readonly calls = new Map<string, Kept>();
}

/** By kind: the words that name a text, a site or perhaps a resource. */
export const REFERENCES = [
  [],
  ...KIND_ROWS.map((row) =>
    (['task', 'a', 'b', 'c', 'd'] as const).flatMap((word) => {
      const type = row[word]?.type;
      return type === 'text' || type === 'site' || type === 'resource' || type === 'task-or-resource'
        ? [{ word: W[word], type }]
        : [];
    }),
  ),
];

export const TWO_32 = 2 ** 32;
/** For definitions that nothing refers to now. */
export const MAX_SPARE_RECORDS = 1 << 16;

/** When the task changed last. */
export const changeOf = ({ begin, run, wait }: Task): Kept => wait ?? run ?? begin;
