/**
 * Jobs of a queue outside the process, as records. A job is a resource, each attempt at it a task
 * below that of its worker. Nothing is written into the queue: both sides know the server, the
 * queue, the job's id and the number of the attempt, and make the same link of that.
 */
import type { BridgeFrame, LibraryBridge } from '../../../recorder/library-bridge.ts';
import { waitReasonOf, waitTargetOf } from '../../../recorder/library-bridge.ts';
import { builtIns, SafeMap } from '../../../recorder/built-ins.ts';
import type { Recorder } from '../../../recorder/recorder.ts';
import {
  ACTIVATION_KIND,
  FLAG,
  KIND,
  LINK_KIND,
  LINK_WAY,
  OUTCOME,
  REASON,
  RESOURCE_KIND,
  USE,
  WAKER,
} from '../../../trace/format/kinds.ts';

/** Jobs that are known by their keys. The oldest is forgotten first. */
const MAX_JOBS = 10_000;
const MAX_QUEUES = 1000;
/** What a job's result is known by, in the place of an attempt. */
const RESULT = 0;
const SEND_JOB = LINK_WAY.send | (LINK_KIND['queued-job'] << 4);
const RECEIVE_JOB = LINK_WAY.receive | (LINK_KIND['queued-job'] << 4);
const SEND_RESULT = LINK_WAY.send | (LINK_KIND['queued-result'] << 4);
/** Between a worker and its child, which one machine has. */
const SEND_TO_CHILD = LINK_WAY.send | (LINK_KIND.job << 4);
const RECEIVE_IN_CHILD = LINK_WAY.receive | (LINK_KIND.job << 4);
const SEND_ANSWER = LINK_WAY.send | (LINK_KIND.result << 4);
const RECEIVE_ANSWER = LINK_WAY.receive | (LINK_KIND.result << 4);
const RECEIVE_RESULT = LINK_WAY.receive | (LINK_KIND['queued-result'] << 4);

export interface QueueRecord {
  /** Server, prefix and name. */
  readonly key: string;
  readonly resource: number;
}

export interface JobRecord {
  readonly resource: number;
  readonly key: string;
  /** Who added it here; 0: another process, or not known. */
  readonly by: number;
  /** That it was added here is recorded. */
  readonly isAdded: boolean;
}

/** What both ends of a link know. */
interface Way {
  readonly key: string;
  readonly attempt: number;
}

/** An attempt that goes on. */
export interface AttemptRecord {
  readonly id: number;
  readonly frame: BridgeFrame;
  readonly job: JobRecord;
  readonly attempt: number;
  readonly queue: QueueRecord;
  /** From when on others may know how it ended; absent: from its end on. */
  doneNs?: bigint;
}

/** What the code that runs now adds: the time and the line are those of the call. */
export interface Addition {
  readonly ns: bigint;
  readonly by: number;
  readonly site: number;
}

export class JobRecords {
  readonly #recorder: Recorder;
  readonly #bridge: LibraryBridge;
  readonly #queues = new SafeMap<string, QueueRecord>();
  readonly #jobs = new SafeMap<string, JobRecord>();
  /** The keys of the jobs in the order in which they came, as a ring. */
  readonly #keys: string[] = [];
  #next = 0;

  constructor(recorder: Recorder, bridge: LibraryBridge) {
    this.#recorder = recorder;
    this.#bridge = bridge;
  }

  /** Null: there are too many. */
  queue(key: string, name: string): QueueRecord | null {
    const known = this.#queues.get(key);
    if (known !== undefined) return known;
    if (this.#queues.size >= MAX_QUEUES) return null;
    const resource = this.#beginResource(RESOURCE_KIND['job-queue'], `${name}|${key}`, 0, 0);
    const queue = { key, resource };
    this.#queues.set(key, queue);
    return queue;
  }

  /** The queue has acknowledged a job. @param delayMs how long it is held back; 0: not at all */
  added(queue: QueueRecord, id: string, name: string, addition: Addition, delayMs: number): void {
    const { ns, by, site } = addition;
    const key = `${queue.key}:${id}`;
    const known = this.#jobs.get(key);
    if (known?.isAdded === true) return;
    const recorder = this.#recorder;
    // An attempt in this process may have begun before the acknowledgement came.
    const resource = recorder.nextId();
    recorder.write(KIND.resourceBegin, RESOURCE_KIND.job, by, resource, site, recorder.defineText(name), 0);
    this.#link(SEND_JOB, by, { key, attempt: 1 }, queue.resource, ns);
    if (delayMs > 0) recorder.write(KIND.use, USE.delays, by, resource, site, delayMs, 0);
    this.#keep({ resource: known?.resource ?? resource, key, by, isAdded: true });
  }

  #keep(job: JobRecord): JobRecord {
    if (this.#jobs.get(job.key) !== undefined) {
      this.#jobs.set(job.key, job);
      return job;
    }
    const oldest = this.#keys[this.#next];
    if (oldest !== undefined) this.#jobs.set(oldest, undefined as never);
    this.#keys[this.#next] = job.key;
    this.#next = (this.#next + 1) % MAX_JOBS;
    this.#jobs.set(job.key, job);
    return job;
  }

  /** A task that stands for a worker: it waits for jobs. */
  beginWorker(queue: QueueRecord, name: string): number {
    const recorder = this.#recorder;
    const id = recorder.nextId();
    const kind = ACTIVATION_KIND['async-task'] | FLAG.beginReady;
    recorder.write(KIND.activationBegin, kind, id, 0, 0, recorder.defineText(name), 0);
    recorder.write(KIND.run, 0, id, 0, 0, 0, 0);
    recorder.write(KIND.wait, REASON['queue-get'], id, 0, queue.resource, 0, 0);
    return id;
  }

  /** Whoever closes it ends its wait. */
  endWorker(worker: number): void {
    const by = this.#bridge.currentId();
    this.#recorder.write(
      KIND.run,
      by > 0 ? WAKER.known : WAKER.external,
      worker,
      builtIns.max(0, by),
      0,
      0,
      0,
    );
    this.#recorder.write(KIND.activationEnd, OUTCOME.ok, worker, 0, 0, 0, 0);
  }

  /** @param link what both ends of the way to the attempt know of the job. */
  beginAttempt(request: {
    readonly queue: QueueRecord;
    readonly link: string;
    readonly id: string;
    readonly name: string;
    readonly attempt: number;
    readonly worker: number;
  }): AttemptRecord {
    const { queue, link, id, name, attempt, worker } = request;
    const recorder = this.#recorder;
    const key = `${queue.key}:${id}`;
    const known = this.#jobs.get(key);
    const job = known ?? this.#keep(this.#unseenJob(key, name));
    const task = recorder.nextId();
    const label = recorder.defineText(attempt === 1 ? name : `${name} (attempt ${attempt})`);
    const kind = ACTIVATION_KIND.job | FLAG.beginReady;
    recorder.write(KIND.activationBegin, kind, task, worker, 0, label, job.resource);
    // In a child nobody is its worker.
    const flags = worker === 0 ? RECEIVE_IN_CHILD : RECEIVE_JOB;
    this.#link(flags, task, { key: link, attempt }, queue.resource, null);
    const waker = attempt === 1 ? job.by : 0;
    recorder.write(
      KIND.run,
      waker > 0 ? WAKER.known : WAKER.external,
      task,
      waker,
      waker > 0 ? queue.resource : 0,
      0,
      0,
    );
    const frame = this.#bridge.frame(task);
    this.#bridge.enter(frame);
    return { id: task, frame, job, attempt, queue };
  }

  /** Its handler has run to its first wait. @param isInChild a child does the job */
  waitAttempt({ id, frame, job }: AttemptRecord, promise: object, isInChild: boolean): void {
    const packed = this.#bridge.targetOf(promise);
    const reason = isInChild ? REASON.job : waitReasonOf(packed) || REASON.future;
    const target = isInChild ? job.resource : waitTargetOf(packed);
    this.#recorder.write(KIND.wait, reason | FLAG.waitDirect, id, 0, target, 0, 0);
    this.#bridge.leave(frame);
  }

  resumeAttempt({ id, frame }: AttemptRecord, promise: object): void {
    const settler = this.#bridge.settlerOf(promise);
    const waker = settler > 0 ? WAKER.known : settler < 0 ? WAKER.external : 0;
    this.#recorder.write(KIND.run, waker, id, builtIns.max(0, settler), 0, 0, 0);
    this.#bridge.enter(frame);
  }

  /**
   * @param error '' when it is done. @param next the attempt that it asks for; 0: none.
   * @param delayMs how long that is held back; 0: not, or not known
   */
  endAttempt(attempt: AttemptRecord, link: string, error: string, next: number, delayMs: number): void {
    const { id, frame, job, queue, doneNs = null } = attempt;
    const recorder = this.#recorder;
    // What a retry waits for is asked for by the attempt before it.
    if (next > 0) this.#link(SEND_JOB, id, { key: link, attempt: next }, queue.resource, doneNs);
    else if (link !== '') this.#link(SEND_RESULT, id, { key: link, attempt: RESULT }, 0, doneNs);
    const outcome = error === '' ? OUTCOME.ok : OUTCOME.error;
    recorder.write(KIND.activationEnd, outcome, id, recorder.defineText(error), 0, 0, 0);
    this.#bridge.leave(frame);
    if (next === 0) recorder.write(KIND.resourceEnd, 0, id, job.resource, 0, 0, 0);
    else recorder.write(KIND.use, USE.delays, id, job.resource, 0, delayMs, 0);
  }

  /** Who waits for the job's result has it. */
  resultCame(queue: QueueRecord, id: string, task: number): void {
    this.#link(RECEIVE_RESULT, task, { key: `${queue.key}:${id}`, attempt: RESULT }, 0, null);
  }

  /** The attempt goes to a child. @param link of the job, as the child knows it. */
  sendToChild({ id, attempt }: AttemptRecord, link: string): void {
    this.#link(SEND_TO_CHILD, id, { key: link, attempt }, 0, null);
  }

  /** The child has answered, or it answers. */
  answer({ id, attempt }: AttemptRecord, link: string, isInChild: boolean): void {
    this.#link(isInChild ? SEND_ANSWER : RECEIVE_ANSWER, id, { key: link, attempt }, 0, null);
  }

  use(how: number, by: number, resource: number, site: number): void {
    this.#recorder.write(KIND.use, how, by, resource, site, 0, 0);
  }

  /** It was added by another process, or before we looked. */
  #unseenJob(key: string, name: string): JobRecord {
    return { resource: this.#beginResource(RESOURCE_KIND.job, name, 0, 0), key, by: 0, isAdded: false };
  }

  #beginResource(kind: number, name: string, by: number, site: number): number {
    const recorder = this.#recorder;
    const id = recorder.nextId();
    recorder.write(KIND.resourceBegin, kind, by, id, site, recorder.defineText(name), 0);
    return id;
  }

  /** @param ns null: now. */
  #link(flags: number, task: number, { key, attempt }: Way, resource: number, ns: bigint | null): void {
    const text = `${key}:${attempt}`;
    const [low, high] = [hashOf(text, 0x811c9dc5), hashOf(text, 0x9747b28c)];
    if (ns === null) this.#recorder.write(KIND.link, flags, task, low, high, resource, attempt);
    else this.#recorder.writeAt(ns, KIND.link, flags, task, low, high, resource, attempt);
  }
}

/** FNV-1a; two of them with different beginnings name a link. */
function hashOf(text: string, seed: number): number {
  let hash = seed;
  for (let i = 0; i < text.length; i++) hash = imul(hash ^ charCodeAt(text, i), 0x01000193);
  return hash >>> 0;
}

const { imul, charCodeAt } = builtIns;
