/**
 * What went from one thread or process to another and back: asked for here, done there, heard of here. The ends of each way are brought together by
 * their token, in whatever order the threads' records are read.
 */
import { LINK_KIND, LINK_WAY } from '../format/kinds.ts';

/** One way of it. Times are ns from the trace's start, NaN as long as that end was not read; tasks are indexes, −1: not recorded. */
export interface Link {
  sentNs: number;
  sender: number;
  /** What the sender asked: a pool, a thread, a process; −1: not recorded. */
  resource: number;
  receivedNs: number;
  receiver: number;
}

/** A call, or some items of a map, that a pool's worker did. */
export interface Chunk {
  readonly pool: number;
  /** Index of the first item, and how many; 0: a call by itself. */
  readonly first: number;
  readonly items: number;
  /** Of its task: it was begun anew after a worker had ended in the middle of it. */
  readonly isRetry: boolean;
}

const SEND = LINK_WAY.send;
const JOB = LINK_KIND.job;
const RESULT = LINK_KIND.result;

export class Links {
  /** By the task that works on it. */
  readonly chunks = new Map<number, Chunk>();
  /** Of the task that does a job: the way there, and the way back. */
  readonly #bySubmitted = new Map<number, Link>();
  readonly #byAnswered = new Map<number, Link>();
  /** By kind, by the process that made the token, by token. */
  readonly #open: Map<number, Map<number, Link>>[] = [];

  /** @param pid of the process that made the token. */
  link(
    way: number,
    kind: number,
    t: number,
    task: number,
    token: number,
    pid: number,
    resource: number,
  ): Link {
    const ofPid = getOrCreate((this.#open[kind] ??= new Map()), pid, () => new Map<number, Link>());
    const link = getOrCreate(ofPid, token, () => ({
      sentNs: Number.NaN,
      sender: -1,
      resource: -1,
      receivedNs: Number.NaN,
      receiver: -1,
    }));
    if (way === SEND) {
      link.sentNs = t;
      link.sender = task;
      link.resource = resource;
    } else {
      link.receivedNs = t;
      link.receiver = task;
    }
    if (kind === JOB && way !== SEND) this.#bySubmitted.set(task, link);
    if (kind === RESULT && way === SEND) this.#byAnswered.set(task, link);
    if (!Number.isNaN(link.sentNs) && !Number.isNaN(link.receivedNs)) ofPid.delete(token);
    return link;
  }

  /** Who asked a task for what it did, and when; null: nobody of whom there is a record. */
  submitted(task: number): Link | null {
    return this.#bySubmitted.get(task) ?? null;
  }

  /** When whoever asked heard of its end. */
  answered(task: number): Link | null {
    return this.#byAnswered.get(task) ?? null;
  }
}

function getOrCreate<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
