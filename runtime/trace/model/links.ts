/**
 * Connections between processes or threads: asked for here, done there, answered here. The two ends
 * of each way are brought together by their token, in whatever order the threads' records are read.
 */
import { ACTIVATION_KIND, LINK_KIND, LINK_WAY, numberSet } from '../format/kinds.ts';
import { Heard } from './heard.ts';
import type { Link } from './link.ts';

/** On one way. The other end of the oldest is none of the recording's. */
const MAX_OPEN_MESSAGES = 100_000;
/** What a thread hears, and nobody records having sent. */
const ONE_ENDED = numberSet(LINK_KIND, 'exit', 'output');
const JOBS = numberSet(LINK_KIND, 'job', 'queued-job');
const RESULTS = numberSet(LINK_KIND, 'result', 'queued-result');
const PEER_LINKS = numberSet(LINK_KIND, 'message', 'exit', 'output', 'signal');

/** One end of a link, as its record says. */
export interface LinkEnd {
  /** Index in LINK_WAYS. */
  readonly way: number;
  /** Index in LINK_KINDS. */
  readonly kind: number;
  readonly t: number;
  readonly task: number;
  /** The thread whose record it is. */
  readonly lane: number;
  readonly token: number;
  /** Of the process that made the token; of some kinds something else, see LINK_KINDS. */
  readonly pid: number;
  readonly resource: number;
  /** Of a message its number on its way. */
  readonly attempt: number;
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
  /** Half-read messages: by the way on which they go, by their number. */
  readonly #openMessages = new Map<string, Map<number, Link>>();
  /** By pid and thread id: the lane of a thread that its maker told of. */
  readonly #lanes = new Map<string, number>();
  /** The other way round. */
  readonly #threads = new Map<number, string>();
  /** By pid and thread id: who began the thread, or the process (thread 0). */
  readonly #begun = new Map<string, Link>();
  /** What came from other threads and processes. */
  readonly heard = new Heard();

  /** Adds one end; the link that it belongs to. */
  add(end: LinkEnd): Link {
    const { way, kind, t, task, lane, token, pid, resource, attempt } = end;
    this.count++;
    const isMessage = kind === LINK_KIND.message;
    const ofPid = isMessage
      ? getOrCreate(this.#openMessages, `${pid}:${token}`, () => new Map<number, Link>())
      : getOrCreate((this.#open[kind] ??= new Map()), pid, () => new Map<number, Link>());
    const key = isMessage ? attempt : token;
    const isSent = way === LINK_WAY.send;
    const known = getOrCreate(ofPid, key, newLink);
    // A job whose worker is gone is begun a second time: that is a way of its own.
    const isAgain = kind === LINK_KIND['queued-job'] && !isSent && !Number.isNaN(known.receivedNs);
    const link = isAgain ? newLink() : known;
    if (isMessage && ofPid.size > MAX_OPEN_MESSAGES) ofPid.delete(ofPid.keys().next().value!);
    if (isSent) {
      link.sentNs = t;
      link.sender = task;
      link.senderLane = lane;
      link.resource = resource;
    } else {
      link.receivedNs = t;
      link.receiver = task;
      link.receiverLane = lane;
    }
    if (JOBS.has(kind) && !isSent) this.#submissions.set(task, link);
    if (RESULTS.has(kind) && isSent) this.#answers.set(task, link);
    if (kind === LINK_KIND.spawn && isSent) this.#begun.set(`${token}:${pid}`, link);
    if (kind === LINK_KIND.spawn && !isSent) {
      this.#lanes.set(`${token}:${pid}`, lane);
      this.#threads.set(lane, `${token}:${pid}`);
    }
    if (!isSent && resource >= 0 && PEER_LINKS.has(kind))
      this.heard.add(lane, { kind, link, token, pid, resource });
    const isWhole = !Number.isNaN(link.sentNs) && !Number.isNaN(link.receivedNs);
    if ((isWhole || ONE_ENDED.has(kind)) && !isAgain) ofPid.delete(key);
    return link;
  }

  /** The lane of a thread by its process's pid and its own id; −1: its maker did not tell of it. */
  laneOfThread(pid: number, threadId: number): number {
    return this.#lanes.get(`${pid}:${threadId}`) ?? -1;
  }

  /** Who began the thread, or the process whose main thread it is; undefined: no record tells. */
  beginOf(lane: number, pid: number): Link | undefined {
    return this.#begun.get(this.#threads.get(lane) ?? `${pid}:0`);
  }

  /** Who sent the process this signal last; undefined: no record tells. */
  signalTo(pid: number, signal: number): Link | undefined {
    return this.#open[LINK_KIND.signal]?.get(signal)?.get(pid);
  }

  /** Who asked for what this task does, and when; null: no record tells. */
  submissionOf(task: number): Link | null {
    return this.#submissions.get(task) ?? null;
  }

  /** The attempts at jobs that sent an answer. @param kinds of all tasks */
  *answeredJobs(kinds: ArrayLike<number>): Generator<number> {
    for (const task of this.#answers.keys()) if (kinds[task] === ACTIVATION_KIND.job) yield task;
  }

  /** When the submitter of this task heard of its end; null: no record tells. */
  answerOf(task: number): Link | null {
    return this.#answers.get(task) ?? null;
  }
}

const newLink = (): Link => ({
  sentNs: Number.NaN,
  sender: -1,
  senderLane: -1,
  resource: -1,
  receivedNs: Number.NaN,
  receiver: -1,
  receiverLane: -1,
});

function getOrCreate<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = create()));
  return value;
}
