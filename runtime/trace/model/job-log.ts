/**
 * Queues of jobs: when each attempt's job came into its line and left it, when jobs were held back,
 * and when their queues handed out none.
 *
 * A queue of this process tells what goes in and comes out (`put`, `get`). Of a queue outside, in
 * which several processes have a part, each tells the link by which both ends know a job. Those of
 * one key are one queue.
 */
import { KIND, LINK_KIND, LINK_WAY, RESOURCE_KIND, USE } from '../format/kinds.ts';
import type { Link } from './link.ts';
import type { LinkEnd } from './links.ts';

/** Of all queues together; further ones are not known. */
const MAX_ENTRIES = 1_000_000;
/** At one job, that are followed back. */
const MAX_ATTEMPTS = 1000;

/** A job stood in line until an attempt at it began. */
export interface JobLine {
  /** Index of the queue. */
  readonly queue: number;
  readonly enteredNs: number;
  /** Who put it there; −1: time did, or another process. */
  readonly by: number;
  /** The job, as who added it knows it; −1: not known. */
  readonly job: number;
}

/** A queue handed out no job, or a job was held back. */
export interface JobHold {
  readonly reason: 'paused' | 'limited' | 'delayed';
  readonly sinceNs: number;
  /** Infinity: it goes on. */
  untilNs: number;
  /** Where that was asked for; −1: not known. */
  readonly site: number;
  /** Who asked for it; −1: nobody is known. */
  readonly by: number;
}

/** What a queue was asked for: one attempt at a job. */
export interface JobRequest {
  /** NaN: who asked is not recorded. */
  readonly askedNs: number;
  readonly asker: number;
  /** As the asker knows it; −1: not known. */
  readonly job: number;
  /** From then on it may begin; `askedNs` where nothing holds it back. */
  readonly dueNs: number;
  /** NaN: it has not begun. */
  readonly beganNs: number;
  /** −1: none has begun. */
  readonly attempt: number;
}

/** A resource, as far as it matters here. */
interface QueueResource {
  readonly index: number;
  readonly kind: number;
  /** Of a queue outside: server, prefix and name; '': it is of this process. */
  readonly key: string;
}

/** A job is held back, or its queue hands out none. */
interface JobUse {
  /** Index in USES. */
  readonly useKind: number;
  /** A queue, or a job. */
  readonly resource: number;
  readonly t: number;
  readonly by: number;
  readonly site: number;
  readonly lane: number;
  /** Of a delay whose end is known: how long it is; 0: it is not known. */
  readonly forNs: number;
}

interface QueueLog {
  /** By serial: those of this process. */
  readonly waiting: Map<number, Request>;
  readonly requests: Request[];
  /** The tasks of the attempts, in the order of their beginning. */
  readonly attempts: number[];
  readonly holds: JobHold[];
}

class Request implements JobRequest {
  link: Link | null = null;
  #askedNs = Number.NaN;
  #asker = -1;
  #beganNs = Number.NaN;
  #attempt = -1;
  job = -1;
  delayNs = 0;
  readonly queue: number;

  constructor(queue: number) {
    this.queue = queue;
  }

  ask(t: number, by: number): void {
    this.#askedNs = t;
    this.#asker = by;
  }

  begin(t: number, attempt: number): void {
    this.#beganNs = t;
    this.#attempt = attempt;
  }

  get askedNs(): number {
    return this.link === null ? this.#askedNs : this.link.sentNs;
  }
  get asker(): number {
    return this.link === null ? this.#asker : this.link.sender;
  }
  get dueNs(): number {
    return this.askedNs + this.delayNs;
  }
  get beganNs(): number {
    return this.link === null ? this.#beganNs : this.link.receivedNs;
  }
  get attempt(): number {
    return this.link === null ? this.#attempt : this.link.receiver;
  }
}

export class JobLog {
  /** It grows with each change. */
  version = 0;
  #entries = 0;
  readonly #queues = new Map<number, QueueLog>();
  /** By key: the first resource that stands for the queue. */
  readonly #byKey = new Map<string, number>();
  /** By resource that stands for a queue of a key. */
  readonly #queueOf = new Map<number, number>();
  /** By the task of the attempt. */
  readonly #requests = new Map<number, Request>();
  /** By the job: it was held back from then on. */
  readonly #delays = new Map<number, JobHold[]>();
  /** Of which one end was read. */
  readonly #open = new Map<Link, Request>();
  /** By lane: the job that was made last, and what was asked for last. */
  readonly #madeLast = new Map<number, number>();
  readonly #askedLast = new Map<number, Request>();
  /** By what both ends of a link know: the first that was asked for by it. */
  readonly #byToken = new Map<number, Request>();
  /** Of what was begun more than once: all attempts, in the order in which they were read. */
  readonly #begunAgain = new Map<number, number[]>();
  /** By the attempt: what it has asked for. */
  readonly #next = new Map<number, Request>();
  readonly #beganNs: (task: number) => number;

  /** @param beganNs when a task began */
  constructor(beganNs: (task: number) => number) {
    this.#beganNs = beganNs;
  }

  /** A resource begins. */
  resourceBegan({ index, kind, key }: QueueResource, lane: number): void {
    if (kind === RESOURCE_KIND.job) this.#madeLast.set(lane, index);
    // How a sandbox's parent and child know a job is no queue.
    if (kind !== RESOURCE_KIND['job-queue'] || key.startsWith('sandbox ')) return;
    this.version++;
    const first = key === '' ? index : (this.#byKey.get(key) ?? index);
    if (key !== '') this.#byKey.set(key, first);
    this.#queueOf.set(index, first);
    if (first === index) this.#logOf(index);
  }

  /** The resource that stands for the queue in all processes; −1: it is no queue of jobs. */
  queueOf(resource: number): number {
    return this.#queueOf.get(resource) ?? -1;
  }

  get queueCount(): number {
    return this.#queues.size;
  }

  /** The queues, each by one resource, in the order of their beginning. */
  get queues(): readonly number[] {
    return [...this.#queues.keys()];
  }

  /** A job comes into the line of its queue, or leaves it. @param kind `put` or `get`. */
  move(kind: number, queue: number, serial: number, t: number, task: number): void {
    if (this.#entries >= MAX_ENTRIES) return;
    this.version++;
    const log = this.#logOf(queue);
    if (kind === KIND.put) {
      this.#entries++;
      const asked = new Request(queue);
      asked.ask(t, task);
      log.requests.push(asked);
      log.waiting.set(serial, asked);
      return;
    }
    const asked = log.waiting.get(serial);
    log.waiting.delete(serial);
    if (task < 0) return;
    log.attempts.push(task);
    asked?.begin(t, task);
    if (asked !== undefined) this.#requests.set(task, asked);
  }

  /** One end of the way to an attempt was read. @param ofTask the job that the task is about */
  linkRead({ way, kind, resource, task, lane, token, pid }: LinkEnd, link: Link, ofTask: number): void {
    const queue = kind === LINK_KIND['queued-job'] ? this.queueOf(resource) : -1;
    if (queue < 0 || this.#entries >= MAX_ENTRIES) return;
    this.version++;
    const log = this.#logOf(queue);
    let asked = this.#open.get(link);
    if (asked === undefined) {
      this.#entries++;
      asked = new Request(queue);
      asked.link = link;
      log.requests.push(asked);
      this.#open.set(link, asked);
    } else this.#open.delete(link);
    this.#noteToken(token + (pid % 2 ** 21) * 2 ** 32, asked, way === LINK_WAY.receive ? task : -1);
    if (way === LINK_WAY.receive) {
      log.attempts.push(task);
      this.#requests.set(task, asked);
      return;
    }
    // A retry is asked for by the attempt before it.
    const isRetry = task >= 0 && this.#requests.has(task) && this.#requests.get(task)!.queue === queue;
    asked.job = isRetry ? ofTask : (this.#madeLast.get(lane) ?? -1);
    if (isRetry) this.#next.set(task, asked);
    this.#askedLast.set(lane, asked);
  }

  /** Of one way there may be several beginnings: the worker of the first is gone, or was held. */
  #noteToken(key: number, asked: Request, begun: number): void {
    const first = this.#byToken.get(key);
    if (first === undefined) this.#byToken.set(key, asked);
    else if (first !== asked && begun >= 0 && first.attempt >= 0) {
      const all = this.#begunAgain.get(first.attempt) ?? [first.attempt];
      all.push(begun);
      for (const attempt of all) this.#begunAgain.set(attempt, all);
    }
  }

  use({ useKind, resource, t, by, site, lane, forNs }: JobUse): void {
    if (this.#entries >= MAX_ENTRIES) return;
    if (useKind === USE.delays) {
      this.#entries++;
      this.version++;
      const delays = this.#delays.get(resource) ?? [];
      this.#delays.set(resource, delays);
      delays.push({ reason: 'delayed', sinceNs: t, untilNs: Number.POSITIVE_INFINITY, site, by });
      const asked = this.#askedLast.get(lane);
      if (asked !== undefined && asked.job === resource) asked.delayNs = forNs;
    } else if (useKind === USE.pauses || useKind === USE.limits) {
      this.#entries++;
      const reason = useKind === USE.pauses ? 'paused' : 'limited';
      this.#logOf(this.#canonical(resource)).holds.push({
        reason,
        sinceNs: t,
        untilNs: Number.POSITIVE_INFINITY,
        site,
        by,
      });
    } else if (useKind === USE.resumes || useKind === USE.unlimits) {
      const reason = useKind === USE.resumes ? 'paused' : 'limited';
      for (const hold of this.holdsOf(this.#canonical(resource)))
        if (hold.reason === reason && hold.untilNs === Number.POSITIVE_INFINITY) hold.untilNs = t;
    }
  }

  #canonical(queue: number): number {
    return this.#queueOf.get(queue) ?? queue;
  }

  #logOf(queue: number): QueueLog {
    let log = this.#queues.get(queue);
    if (log === undefined)
      this.#queues.set(queue, (log = { waiting: new Map(), requests: [], attempts: [], holds: [] }));
    return log;
  }

  /** Where the job of an attempt had stood; null: no record tells. */
  lineOf(attempt: number): JobLine | null {
    const asked = this.#requests.get(attempt);
    if (asked === undefined || Number.isNaN(asked.askedNs)) return null;
    // Queues count by milliseconds: an attempt may begin a part of one before it is due.
    const enteredNs = Math.max(asked.askedNs, Math.min(asked.dueNs, this.#beganNs(attempt)));
    return { queue: asked.queue, enteredNs, by: asked.asker, job: asked.job };
  }

  /** The job of an attempt and of those before it, as who added it knows it; −1: not known. */
  addedJob(attempt: number): number {
    let asked = this.#requests.get(attempt);
    for (let i = 0; i < MAX_ATTEMPTS && asked !== undefined; i++) {
      const before = this.#requests.get(asked.asker);
      if (before === undefined || this.#next.get(asked.asker) !== asked) return asked.job;
      asked = before;
    }
    return -1;
  }

  /** The queue of an attempt's job; −1: it is not known. */
  queueOfAttempt(attempt: number): number {
    return this.#requests.get(attempt)?.queue ?? -1;
  }

  /** The attempt that this one has asked for; −1: it asked for none, or that has not begun. */
  nextOf(attempt: number): number {
    return this.#next.get(attempt)?.attempt ?? -1;
  }

  /** The attempt has asked for another one, whether that has begun or not. */
  asksAgain(attempt: number): boolean {
    return this.#next.has(attempt);
  }

  /**
   * The attempt that was begun before for the same request: its worker was gone, or did not say in
   * time that it lives. −1: there is none.
   */
  takenOverFrom(attempt: number): number {
    const all = this.#begunAgain.get(attempt) ?? [];
    const own = this.#requests.get(attempt);
    let before = -1;
    for (const other of all) {
      const request = this.#requests.get(other)!;
      const isBefore =
        request.beganNs < own!.beganNs || (request.beganNs === own!.beganNs && other < attempt);
      // A job that its handler puts off is asked for anew.
      const isAskedFor = !Number.isNaN(request.askedNs) && !Number.isNaN(own!.askedNs);
      if (isBefore && !isAskedFor && (before < 0 || request.beganNs > this.#requests.get(before)!.beganNs))
        before = other;
    }
    return before;
  }

  /** The attempts that were begun after another one for the same request. */
  get takenOver(): readonly number[] {
    return [...this.#begunAgain.keys()].filter((attempt) => this.takenOverFrom(attempt) >= 0);
  }

  /** Since when the job was held back before a time; null: it was not. */
  delayBefore(job: number, t: number): JobHold | null {
    return this.#delays.get(job)?.findLast(({ sinceNs }) => sinceNs <= t) ?? null;
  }

  holdsOf(queue: number): readonly JobHold[] {
    return this.#queues.get(queue)?.holds ?? [];
  }

  /** The tasks of the attempts at the queue's jobs, in the order in which they were read. */
  attemptsOf(queue: number): readonly number[] {
    return this.#queues.get(queue)?.attempts ?? [];
  }

  /** What the queue was asked for, in the order in which it was read. */
  requestsOf(queue: number): readonly JobRequest[] {
    return this.#queues.get(queue)?.requests ?? [];
  }
}
