/**
 * BullMQ in the program: who adds jobs, and the attempts at them, those of sandboxed processors
 * included. The methods of its classes are replaced when a copy of the package has been loaded; a
 * program without it pays nothing. Nothing is stored, no option is set, and no command more goes to
 * Redis.
 *
 *   Queue.addJob, Job.createBulk                   jobs were added, by the acknowledgement
 *   FlowProducer.add, addBulk, addNode             where a flow is added, and its jobs
 *   Worker.callProcessJob                          an attempt
 *   ChildProcessor.processor                       the same attempt, in a child or thread
 *   Queue.pause, resume, Worker.waitForRateLimit   why jobs stand in line
 *   Job.waitUntilFinished, QueueEvents.emit        who waits for a result, and has it
 *
 * A promise that the program gets is never looked at: its failure would count as handled. Those
 * below are awaited by BullMQ itself. Of a flow that leaves the jobs, not their acknowledgement.
 */
import { isMainThread } from 'node:worker_threads';
import { builtIns } from '../../../recorder/built-ins.ts';
import type { LibraryBridge } from '../../../recorder/library-bridge.ts';
import type { Recorder } from '../../../recorder/recorder.ts';
import { USE } from '../../../trace/format/kinds.ts';
import { plainProperty } from '../builtins/inspect-safely.ts';
import { replaceBuiltin, undoAll } from '../builtins/replace-builtin.ts';
import type { UncaughtErrors } from '../errors/uncaught-errors.ts';
import { TimeBudget } from '../stack/time-budget.ts';
import {
  qualifiedNameOf,
  sandboxKey,
  serverOf,
  attemptOf,
  backoffMs,
  includes,
  nameOfError,
  objectAt,
  textAt,
} from './bullmq-values.ts';
import { AwaitedResults } from './bullmq-results.ts';
import { attempted, onSettled } from './quiet-watch.ts';
import { attemptFunction, type Callable, type Watch, watchMethod } from './watch-methods.ts';
import { type Addition, type AttemptRecord, JobRecords, type QueueRecord } from './job-records.ts';

const { getWeak, setWeak } = builtIns;

export interface QueueWatchOptions {
  readonly recorder: Recorder;
  readonly bridge: LibraryBridge;
  readonly errors: UncaughtErrors;
  /** Calls back each time that a copy of a package's file has run. */
  readonly whenLoaded: (file: string, onLoaded: (exports: object) => void) => void;
}

/** @returns what restores the originals */
export function watchBullMq(options: QueueWatchOptions): () => void {
  const undo: (() => void)[] = [];
  const watcher = new BullMqWatcher(options);
  const { methods } = watcher;
  for (let i = 0; i < methods.length; i++) {
    const { file, exported, method, isStatic, watch } = methods[i]!;
    options.whenLoaded(`${CLASSES}/${file}.js`, (exports) => {
      const owner = objectAt(exports, exported);
      const host = isStatic === true ? owner : objectAt(owner, 'prototype');
      const restore = watchMethod(host, method, watch);
      if (restore !== null) undo[undo.length] = restore;
    });
  }
  options.whenLoaded(`${CLASSES}/worker.js`, (exports) => {
    const prototype = objectAt(objectAt(exports, 'Worker'), 'prototype');
    if (prototype === null || !builtIns.hasOwn(prototype, 'callProcessJob')) return;
    const begin = (worker: object, job: object): Begun | null => watcher.beginHere(worker, job);
    undo[undo.length] = replaceBuiltin(prototype, 'callProcessJob', (original) =>
      watcher.attemptBy(original as unknown as Callable, begin),
    );
  });
  // A child sets its processor once.
  options.whenLoaded(`${CLASSES}/child-processor.js`, (exports) => {
    const prototype = objectAt(objectAt(exports, 'ChildProcessor'), 'prototype');
    if (prototype === null || builtIns.hasOwn(prototype, 'processor')) return;
    const begin = (_self: object, job: object): Begun | null => watcher.beginInChild(job);
    builtIns.defineProperty(prototype, 'processor', {
      configurable: true,
      get: () => undefined,
      set(this: object, given: unknown): void {
        const value = typeof given === 'function' ? watcher.attemptBy(given as Callable, begin) : given;
        const attributes = { writable: true, enumerable: true, configurable: true };
        builtIns.defineProperty(this, 'processor', { value, ...attributes });
      },
    });
    undo[undo.length] = () => void delete (prototype as { processor?: unknown }).processor;
  });
  return () => undoAll(undo);
}

/** Within the package. */
const CLASSES = 'bullmq/dist/cjs/classes';

interface WatchedMethod {
  readonly file: string;
  readonly exported: string;
  readonly method: string;
  readonly isStatic?: boolean;
  readonly watch: Watch;
}

const QUEUE = { file: 'queue', exported: 'Queue' };
const JOB = { file: 'job', exported: 'Job' };
const FLOWS = { file: 'flow-producer', exported: 'FlowProducer' };
const WORKER = { file: 'worker', exported: 'Worker' };
const EVENTS = { file: 'queue-events', exported: 'QueueEvents' };
const BACKEND = { file: 'redis-queue-backend', exported: 'RedisQueueBackend' };
/** With these a handler says that its job goes on later: no failure, and no attempt that counts. */
const POSTPONED = ['DelayedError', 'RateLimitError', 'WaitingChildrenError', 'WaitingError'];

class BullMqWatcher {
  readonly #records: JobRecords;
  readonly #recorder: Recorder;
  readonly #bridge: LibraryBridge;
  readonly #errors: UncaughtErrors;
  readonly #budget = new TimeBudget();
  readonly #workers = new WeakMap<object, WorkerState>();
  readonly #flows = new WeakMap<object, Addition>();
  readonly #results: AwaitedResults;

  readonly methods: readonly WatchedMethod[] = [
    { ...QUEUE, method: 'addJob', watch: (...call) => this.#add(...call) },
    { ...JOB, method: 'createBulk', isStatic: true, watch: (...call) => this.#add(...call) },
    { ...QUEUE, method: 'pause', watch: (...call) => this.#pause(USE.pauses, ...call) },
    { ...QUEUE, method: 'resume', watch: (...call) => this.#pause(USE.resumes, ...call) },
    { ...FLOWS, method: 'add', watch: (...call) => this.#noteFlows(...call) },
    { ...FLOWS, method: 'addBulk', watch: (...call) => this.#noteFlows(...call) },
    { ...FLOWS, method: 'addNode', watch: (...call) => this.#addNode(...call) },
    { ...WORKER, method: 'waitForRateLimit', watch: (...call) => this.#limit(...call) },
    { ...WORKER, method: 'close', watch: (...call) => this.#close(...call) },
    { ...JOB, method: 'waitUntilFinished', watch: (self, _args, call) => this.#awaitResult(self, call) },
    { ...EVENTS, method: 'emit', watch: (...call) => this.#results.hear(...call) },
    { ...BACKEND, method: 'isFinished', watch: (...call) => this.#results.ask(...call) },
  ];

  constructor({ recorder, bridge, errors }: QueueWatchOptions) {
    this.#recorder = recorder;
    this.#bridge = bridge;
    this.#errors = errors;
    this.#records = new JobRecords(recorder, bridge);
    this.#results = new AwaitedResults(this.#records);
  }

  #addition(): Addition {
    // The library has given it, where its queues add the job; else the stack tells.
    const given = this.#bridge.site;
    this.#bridge.site = 0;
    const site = given || this.#errors.siteWithin(this.#budget);
    return { ns: this.#recorder.clock(), by: this.#bridge.currentId(), site };
  }

  /** Of a queue, or of the class of jobs with the queue as the first argument. */
  #add(self: object, [first]: readonly unknown[], call: () => unknown): unknown {
    const addition = attempted(() => this.#addition());
    const added = call();
    if (addition !== null)
      onSettled(added, (value) => {
        const server = serverOf(typeof first === 'object' && first !== null ? first : self);
        const jobs = builtIns.isArray(value) ? (value as unknown[]) : [value];
        for (let i = 0; i < jobs.length; i++) this.#noteAdded(server, jobs[i], addition);
      });
    return added;
  }

  /** The call that adds flows: their nodes come later, when the line is no longer on the stack. */
  #noteFlows(_self: object, [given]: readonly unknown[], call: () => unknown): unknown {
    attempted(() => {
      const addition = this.#addition();
      const flows = builtIns.isArray(given) ? (given as unknown[]) : [given];
      for (let i = 0; i < flows.length; i++) {
        const flow = flows[i];
        if (typeof flow === 'object' && flow !== null) setWeak(this.#flows, flow, addition);
      }
    });
    return call();
  }

  #addNode(self: object, [given]: readonly unknown[], call: () => unknown): unknown {
    const node = typeof given === 'object' ? objectAt(given, 'node') : null;
    const addition = node === null ? undefined : getWeak(this.#flows, node);
    const added = call();
    if (addition !== undefined)
      onSettled(added, (value) => {
        const server = serverOf(self);
        const nodes: unknown[] = [value];
        for (let i = 0; i < nodes.length; i++) {
          const each = nodes[i];
          if (typeof each !== 'object' || each === null) continue;
          this.#noteAdded(server, plainProperty(each, 'job'), addition);
          const children = plainProperty(each, 'children');
          if (builtIns.isArray(children))
            for (let j = 0; j < children.length; j++) nodes[nodes.length] = children[j];
        }
      });
    return added;
  }

  #noteAdded(server: string, job: unknown, addition: Addition): void {
    if (typeof job !== 'object' || job === null) return;
    const queue = this.#queueOfJob(server, job);
    if (queue === null) return;
    const id = plainProperty(job, 'id');
    const delay = plainProperty(job, 'delay');
    if (typeof id !== 'string') return;
    this.#records.added(queue, id, textAt(job, 'name'), addition, typeof delay === 'number' ? delay : 0);
  }

  attemptBy(original: Callable, begin: (self: object, job: object) => Begun | null): Callable {
    const records = this.#records;
    return attemptFunction<Begun>(original, {
      begin,
      threw: (begun, error) => this.#end(begun, error),
      returned: (begun, promise) => {
        const { record, child, worker } = begun;
        if (!(promise instanceof Promise)) {
          this.#end(begun, null);
          return;
        }
        records.waitAttempt(record, promise, child !== '' && worker !== null);
        const settled = (error: unknown): void => {
          // An answer that is heard ends the wait; one that is given comes after it.
          if (child !== '' && worker !== null) records.answer(record, child, false);
          records.resumeAttempt(record, promise);
          if (child !== '' && worker === null) records.answer(record, child, true);
          this.#end(begun, error);
        };
        onSettled(promise, () => settled(null), settled);
      },
    });
  }

  /** In this process, or handed on to a child. */
  beginHere(worker: object, job: object): Begun | null {
    return this.#beginAttempt(worker, job);
  }

  #beginAttempt(worker: object, job: object): Begun | null {
    const queue = this.#queueOf(worker);
    const id = plainProperty(job, 'id');
    if (queue === null || typeof id !== 'string') return null;
    let state = getWeak(this.#workers, worker);
    if (state === undefined) {
      const task = this.#records.beginWorker(queue, `worker of ${textAt(worker, 'name')}`);
      setWeak(this.#workers, worker, (state = { task, active: 0, isClosing: false }));
    }
    state.active++;
    const record = this.#records.beginAttempt({
      queue,
      link: `${queue.key}:${id}`,
      id,
      name: textAt(job, 'name'),
      attempt: attemptOf(job),
      worker: state.task,
    });
    // A sandboxed processor does the job in a child.
    const isSandboxed = objectAt(worker, 'childPool') !== null;
    const child = isSandboxed ? sandboxKey(process.pid, qualifiedNameOf(worker), id) : '';
    if (isSandboxed) this.#records.sendToChild(record, child);
    return { record, job, link: `${queue.key}:${id}`, worker: state, child };
  }

  #end({ record, link, worker, job }: Begun, error: unknown): void {
    const options = objectAt(job, 'opts') ?? {};
    const attempts = plainProperty(options, 'attempts');
    const most = typeof attempts === 'number' ? attempts : 1;
    const text = error === null ? '' : nameOfError(error);
    const { attempt } = record;
    if (link !== '' && includes(POSTPONED, text)) this.#records.endAttempt(record, link, '', attempt, 0);
    else if (link === '' || text === '' || text === 'UnrecoverableError' || attempt >= most)
      this.#records.endAttempt(record, link, text, 0, 0);
    else this.#records.endAttempt(record, link, text, attempt + 1, backoffMs(options, attempt));
    if (worker === null) return;
    worker.active--;
    this.#endIfClosed(worker);
  }

  #endIfClosed(worker: WorkerState): void {
    if (worker.isClosing && worker.active === 0 && worker.task !== 0) {
      this.#records.endWorker(worker.task);
      worker.task = 0;
    }
  }

  /** In the child. */
  beginInChild(job: object): Begun | null {
    const id = plainProperty(job, 'id');
    const name = textAt(job, 'queueQualifiedName');
    const queue = this.#records.queue(`sandbox ${name}`, textAt(job, 'queueName'));
    if (queue === null || typeof id !== 'string') return null;
    const child = sandboxKey(isMainThread ? process.ppid : process.pid, name, id);
    const request = { queue, link: child, id, name: textAt(job, 'name'), attempt: attemptOf(job), worker: 0 };
    return { record: this.#records.beginAttempt(request), job, link: '', worker: null, child };
  }

  #awaitResult(job: object, call: () => unknown): unknown {
    attempted(() => {
      const queue = objectAt(job, 'queue');
      const record = queue === null ? null : this.#queueOf(queue);
      if (record === null) return;
      this.#results.wait(record, qualifiedNameOf(queue!), textAt(job, 'id'), this.#bridge.currentId());
    });
    return call();
  }

  #pause(how: number, self: object, _args: readonly unknown[], call: () => unknown): unknown {
    attempted(() => {
      const queue = this.#queueOf(self);
      const { by, site } = this.#addition();
      if (queue !== null) this.#records.use(how, by, queue.resource, site);
    });
    return call();
  }

  #limit(self: object, _args: readonly unknown[], call: () => unknown): unknown {
    const untilMs = plainProperty(self, 'limitUntil');
    const queue =
      typeof untilMs === 'number' && untilMs > builtIns.wallMs()
        ? attempted(() => this.#queueOf(self))
        : null;
    if (queue === null) return call();
    attempted(() => this.#records.use(USE.limits, 0, queue.resource, 0));
    const waited = call();
    onSettled(waited, () => this.#records.use(USE.unlimits, 0, queue.resource, 0));
    return waited;
  }

  #close(self: object, _args: readonly unknown[], call: () => unknown): unknown {
    attempted(() => {
      const worker = getWeak(this.#workers, self);
      if (worker === undefined) return;
      worker.isClosing = true;
      this.#endIfClosed(worker);
    });
    return call();
  }

  #queueOf(part: object): QueueRecord | null {
    const name = qualifiedNameOf(part);
    return name === '' ? null : this.#records.queue(`${serverOf(part)} ${name}`, textAt(part, 'name'));
  }

  #queueOfJob(server: string, job: object): QueueRecord | null {
    const name = textAt(job, 'queueQualifiedName');
    const [, short = name] = builtIns.matches(/:([^:]*)$/, name) ?? [];
    return name === '' ? null : this.#records.queue(`${server} ${name}`, short);
  }
}

interface Begun {
  readonly record: AttemptRecord;
  readonly job: object;
  /** Of the next attempt; '': the parent knows that. */
  readonly link: string;
  /** Null: in a child. */
  readonly worker: WorkerState | null;
  /** How parent and child know the job that a child does; '': it is done here. */
  readonly child: string;
}

/** A worker of the program's. */
interface WorkerState {
  /** Its task; 0: it has ended. */
  task: number;
  /** Attempts that go on. */
  active: number;
  isClosing: boolean;
}
