/**
 * What came to a thread from other threads and processes of the program, by the resource that
 * stands for them there, and which waits it ended. The other end may be read later than this one:
 * who sent it is asked when it is needed.
 */
import type { Link } from './link.ts';

/** Of one resource, and of one row, the last so many are kept at least. */
const MAX_KEPT = 50_000;

export interface HeardLink {
  /** Index in LINK_KINDS. */
  readonly kind: number;
  readonly link: Link;
  /** As recorded, see LINK_KINDS. */
  readonly token: number;
  readonly pid: number;
  /** What stands for the sender in the thread to which it came. */
  readonly resource: number;
}

/** A wait of a row that it ended. */
export interface EndedBy {
  readonly heard: HeardLink;
  readonly t: number;
}

export class Heard {
  /** In the order of their coming. */
  readonly #byResource = new Map<number, HeardLink[]>();
  /** By the lane to which it came; in the order of time. */
  readonly #byLane = new Map<number, HeardLink[]>();
  /** By row; in the order of time. */
  readonly #wakes = new Map<number, EndedBy[]>();

  add(lane: number, heard: HeardLink): void {
    addTo(this.#byResource, heard.resource, heard);
    addTo(this.#byLane, lane, heard);
  }

  /** The last that had come to the lane at `t`, whoever sent it. */
  lastOnLane(lane: number, t: number): HeardLink | undefined {
    return lastUpTo(this.#byLane.get(lane) ?? [], t);
  }

  /** The last that came; undefined: nothing has. */
  last(resource: number): HeardLink | undefined {
    return this.#byResource.get(resource)?.at(-1);
  }

  /** The last that had come at `t`. */
  lastAt(resource: number, t: number): HeardLink | undefined {
    return lastUpTo(this.#byResource.get(resource) ?? [], t);
  }

  /** It ended a wait of the row. */
  noteWake(row: number, heard: HeardLink, t: number): void {
    addTo(this.#wakes, row, { heard, t });
  }

  /** What ended waits, by row. */
  get wakes(): ReadonlyMap<number, readonly EndedBy[]> {
    return this.#wakes;
  }

  /** What ended the row's wait within [sinceNs, untilNs]; undefined: nothing that came. */
  wakeOf(row: number, sinceNs: number, untilNs: number): HeardLink | undefined {
    const all = this.#wakes.get(row) ?? [];
    const last = all[countUpTo(all, untilNs, ({ t }) => t) - 1];
    return last !== undefined && last.t >= sinceNs ? last.heard : undefined;
  }
}

function addTo<T>(map: Map<number, T[]>, key: number, value: T): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else if (known.push(value) >= 2 * MAX_KEPT) known.splice(0, MAX_KEPT);
}

const lastUpTo = (all: readonly HeardLink[], t: number): HeardLink | undefined =>
  all[countUpTo(all, t, ({ link }) => link.receivedNs) - 1];

/** How many of them, in the order of time, have a time up to `t`. */
function countUpTo<T>(all: readonly T[], t: number, timeOf: (each: T) => number): number {
  let from = 0;
  let to = all.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (timeOf(all[middle]!) <= t) from = middle + 1;
    else to = middle;
  }
  return from;
}
