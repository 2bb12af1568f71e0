/**
 * Connections between processes or threads: asked for here, done there, answered here. The two ends
 * of each way are brought together by their token, in whatever order the threads' records are read.
 */
import { LINK_KIND, LINK_WAY } from '../format/kinds.ts';

/** One way of a connection. Times are ns from the trace's start, NaN until that end was read. */
export interface Link {
  sentNs: number;
  /** Task index; −1: not recorded. */
  sender: number;
  /** What the sender asked: a pool, a thread, a process; −1: not recorded. */
  resource: number;
  receivedNs: number;
  /** Task index; −1: not recorded. */
  receiver: number;
}

/** One end of a link, as its record says. */
export interface LinkEnd {
  /** Index in LINK_WAYS. */
  readonly way: number;
  /** Index in LINK_KINDS. */
  readonly kind: number;
  readonly t: number;
  readonly task: number;
  readonly token: number;
  /** Of the process that made the token. */
  readonly pid: number;
  readonly resource: number;
}

/** A call, or some items of a map, that a pool's worker did. */
export interface Chunk {
  readonly pool: number;
  /** Index of the first item. */
  readonly first: number;
  /** How many items; 0: a call by itself. */
  readonly items: number;
  /** The chunk was begun anew after a worker had ended in the middle of it. */
  readonly isRetry: boolean;
}

export class Links {
  /** Ends that were added. */
  count = 0;
  /** By the task that works on the chunk. */
  readonly chunks = new Map<number, Chunk>();
  /** By the task that does a job: the way there. */
  readonly #submissions = new Map<number, Link>();
  /** By the task that does a job: the way back. */
  readonly #answers = new Map<number, Link>();
  /** Half-read links: by kind, by the pid of the process that made the token, by token. */
  readonly #open: Map<number, Map<number, Link>>[] = [];

  /** Adds one end; the link that it belongs to. */
  add({ way, kind, t, task, token, pid, resource }: LinkEnd): Link {
    this.count++;
    const ofPid = getOrCreate((this.#open[kind] ??= new Map()), pid, () => new Map<number, Link>());
    const link = getOrCreate(ofPid, token, () => ({
      sentNs: Number.NaN,
      sender: -1,
      resource: -1,
      receivedNs: Number.NaN,
      receiver: -1,
    }));
    const isSent = way === LINK_WAY.send;
    if (isSent) {
      link.sentNs = t;
      link.sender = task;
      link.resource = resource;
    } else {
      link.receivedNs = t;
      link.receiver = task;
    }
    if (kind === LINK_KIND.job && !isSent) this.#submissions.set(task, link);
    if (kind === LINK_KIND.result && isSent) this.#answers.set(task, link);
    if (!Number.isNaN(link.sentNs) && !Number.isNaN(link.receivedNs)) ofPid.delete(token);
    return link;
  }

  /** Who asked for what this task does, and when; null: no record tells. */
  submissionOf(task: number): Link | null {
    return this.#submissions.get(task) ?? null;
  }

  /** When the submitter of this task heard of its end; null: no record tells. */
  answerOf(task: number): Link | null {
    return this.#answers.get(task) ?? null;
  }
}

function getOrCreate<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = create()));
  return value;
}
