/**
 * bee-queue in the program: who saves jobs, and the attempts at them. Its classes are watched as
 * those of BullMQ are; nothing is stored, and no command more goes to Redis.
 *
 *   Queue.saveAll, Job._save        where a job is added
 *   Queue._evalScript, …On          the acknowledgement, in a promise that bee-queue itself awaits
 *   Queue.process, _runJob          the function that does the jobs, and an attempt
 *   Queue._finishJob                how it ended, and whether it asks for another
 *   Job.computeDelay                how long that is held back
 *   Queue._onMessage                who listens to a job hears of its result
 *
 * A job is named after its queue. Which attempt it is both sides know by the failures that
 * bee-queue keeps with it.
 */
import { builtIns } from '../../../recorder/built-ins.ts';
import { plainProperty } from '../builtins/inspect-safely.ts';
import { disguiseAs, replaceBuiltin, undoAll } from '../builtins/replace-builtin.ts';
import { TimeBudget } from '../stack/time-budget.ts';
import { nameOfError, objectAt, textAt } from './bullmq-values.ts';
import type { QueueWatchOptions } from './bullmq.ts';
import { type Addition, type AttemptRecord, JobRecords, type QueueRecord } from './job-records.ts';
import { attempted, onSettled } from './quiet-watch.ts';
import {
  attemptFunction,
  type AttemptWatch,
  type Callable,
  type Watch,
  watchMethod,
} from './watch-methods.ts';

const { getWeak, setWeak } = builtIns;

/** What bee-queue tells of a job that has ended, and is not made again. */
const ENDED = /^\{"id":"([^"\\]+)","event":"(succeeded|failed)"/;

/** @returns what restores the originals */
export function watchBeeQueue(options: QueueWatchOptions): () => void {
  const undo: (() => void)[] = [];
  const watcher = new BeeQueueWatcher(options);
  const watchAll = (file: string, methods: readonly (readonly [string, Watch])[]): void =>
    options.whenLoaded(`bee-queue/lib/${file}.js`, (exports) => {
      for (let i = 0; i < methods.length; i++) {
        const restore = watchMethod(objectAt(exports, 'prototype'), methods[i]![0], methods[i]![1]);
        if (restore !== null) undo[undo.length] = restore;
      }
    });
  watchAll('job', watcher.jobMethods);
  watchAll('queue', watcher.queueMethods);
  options.whenLoaded('bee-queue/lib/queue.js', (exports) => {
    const prototype = objectAt(exports, 'prototype');
    if (prototype === null || !builtIns.hasOwn(prototype, '_runJob')) return;
    undo[undo.length] = replaceBuiltin(prototype, '_runJob', (original) =>
      attemptFunction(original as unknown as Callable, watcher.attempts),
    );
  });
  return () => undoAll(undo);
}

interface Begun {
  readonly record: AttemptRecord;
  readonly link: string;
  readonly worker: WorkerState;
  /** Of the handler; where it returned none, of the attempt and of telling Redis how it ended. */
  promise: object | null;
  /** How long the next attempt is held back, where there is one. */
  delayMs: number;
}

/** A queue whose jobs this process does. */
interface WorkerState {
  /** Its task; 0: it has ended. */
  task: number;
  active: number;
  isClosing: boolean;
}

class BeeQueueWatcher {
  readonly #records: JobRecords;
  readonly #options: QueueWatchOptions;
  readonly #budget = new TimeBudget();
  readonly #workers = new WeakMap<object, WorkerState>();
  /** By the job's object: an attempt that goes on. */
  readonly #begun = new WeakMap<object, Begun>();
  /** By the job's object: where several were saved at once. */
  readonly #saved = new WeakMap<object, Addition>();
  /** By the job's object: who has saved it. */
  readonly #savers = new WeakMap<object, number>();
  /** The job that is being saved, until its script is asked for in the same turn. */
  #saving: { readonly job: object; readonly addition: Addition } | null = null;

  readonly jobMethods: readonly (readonly [string, Watch])[] = [
    ['_save', (job, _args, call) => this.#save(job, call)],
    ['computeDelay', (job, _args, call) => this.#noteDelay(job, call)],
  ];
  readonly queueMethods: readonly (readonly [string, Watch])[] = [
    ['saveAll', (_queue, [jobs], call) => this.#noteAll(jobs, call)],
    ['_evalScript', (queue, _args, call) => this.#noteAdded(queue, call)],
    ['_evalScriptOn', (queue, _args, call) => this.#noteAdded(queue, call)],
    ['process', (_queue, args, call) => this.#watchHandler(args, call)],
    ['_finishJob', (_queue, args, call) => this.#finish(args, call)],
    ['_onMessage', (queue, args, call) => this.#hear(queue, args, call)],
    ['close', (queue, _args, call) => this.#close(queue, call)],
  ];

  constructor(options: QueueWatchOptions) {
    this.#options = options;
    this.#records = new JobRecords(options.recorder, options.bridge);
  }

  #addition(): Addition {
    const { recorder, bridge, errors } = this.#options;
    return { ns: recorder.clock(), by: bridge.currentId(), site: errors.siteWithin(this.#budget) };
  }

  /** They are saved when the queue is ready: then the line is no longer on the stack. */
  #noteAll(jobs: unknown, call: () => unknown): unknown {
    attempted(() => {
      if (!builtIns.isArray(jobs)) return;
      const addition = this.#addition();
      for (let i = 0; i < jobs.length; i++) {
        const job: unknown = jobs[i];
        if (typeof job === 'object' && job !== null) setWeak(this.#saved, job, addition);
      }
    });
    return call();
  }

  #save(job: object, call: () => unknown): unknown {
    attempted(() => {
      this.#saving = { job, addition: getWeak(this.#saved, job) ?? this.#addition() };
    });
    try {
      return call();
    } finally {
      this.#saving = null;
    }
  }

  #noteAdded(queue: object, call: () => unknown): unknown {
    const saving = this.#saving;
    this.#saving = null;
    const answer = call();
    if (saving !== null)
      onSettled(answer, (id) => {
        const record = this.#queueOf(queue);
        // Null: there is a job with its id.
        if ((typeof id !== 'string' && typeof id !== 'number') || record === null) return;
        const { job, addition } = saving;
        const options = objectAt(job, 'options') ?? {};
        const [due, made] = [plainProperty(options, 'delay'), plainProperty(options, 'timestamp')];
        const isHeld = typeof due === 'number' && typeof made === 'number';
        const delayMs = isHeld ? builtIns.max(1, due - made) : 0;
        setWeak(this.#savers, job, addition.by);
        this.#records.added(record, `${id}`, textAt(queue, 'name'), addition, delayMs);
      });
    return answer;
  }

  readonly attempts: AttemptWatch<Begun> = {
    begin: (queue, job) => this.#begin(queue, job),
    threw: (begun, error) => this.#end(begun, nameOfError(error), 0),
    // A handler that calls back when it is done has returned no promise.
    returned: (begun, promise) => this.#wait(begun, promise),
  };

  readonly #handlers: AttemptWatch<Begun> = {
    begin: (_queue, job) => getWeak(this.#begun, job) ?? null,
    threw: () => {},
    returned: (begun, promise) => {
      if (promise instanceof Promise) this.#wait(begun, promise);
    },
  };

  #wait(begun: Begun, promise: unknown): void {
    if (begun.promise !== null || typeof promise !== 'object' || promise === null) return;
    begun.promise = promise;
    this.#records.waitAttempt(begun.record, promise, false);
  }

  /** What the handler's promise waits for would be lost: bee-queue makes one of its own of it. */
  #watchHandler(args: unknown[], call: () => unknown): unknown {
    attempted(() => {
      const last = args.length - 1;
      const handler = args[last];
      if (typeof handler === 'function')
        args[last] = disguiseAs(attemptFunction(handler as Callable, this.#handlers), handler as Callable);
    });
    return call();
  }

  #begin(queue: object, job: object): Begun | null {
    const record = this.#queueOf(queue);
    const id = textAt(job, 'id');
    if (record === null || id === '') return null;
    const name = textAt(queue, 'name');
    let worker = getWeak(this.#workers, queue);
    if (worker === undefined) {
      const task = this.#records.beginWorker(record, `worker of ${name}`);
      setWeak(this.#workers, queue, (worker = { task, active: 0, isClosing: false }));
    }
    worker.active++;
    const link = `${record.key}:${id}`;
    const attempt = failuresOf(job) + 1;
    const request = { queue: record, link, id, name, attempt, worker: worker.task };
    const begun = {
      record: this.#records.beginAttempt(request),
      link,
      worker,
      promise: null,
      delayMs: 0,
    };
    setWeak(this.#begun, job, begun);
    return begun;
  }

  #noteDelay(job: object, call: () => unknown): unknown {
    const delayMs = call();
    const begun = getWeak(this.#begun, job);
    if (begun !== undefined && typeof delayMs === 'number') begun.delayMs = builtIns.max(0, delayMs);
    return delayMs;
  }

  #finish([error, , job]: readonly unknown[], call: () => unknown): unknown {
    const begun = typeof job === 'object' && job !== null ? getWeak(this.#begun, job) : undefined;
    if (begun === undefined) return call();
    const failed = error === null || error === undefined ? '' : nameOfError(error);
    attempted(() => {
      this.#records.resumeAttempt(begun.record, begun.promise ?? begun);
      // Others may hear of it before the call has returned.
      begun.record.doneNs = this.#options.recorder.clock();
    });
    try {
      return call();
    } finally {
      attempted(() => {
        const isAgain = textAt(job as object, 'status') === 'retrying';
        this.#end(begun, failed, isAgain ? begun.record.attempt + 1 : 0);
      });
    }
  }

  #end({ record, link, worker, delayMs }: Begun, failed: string, next: number): void {
    this.#records.endAttempt(record, link, failed, next, next > 0 ? delayMs : 0);
    worker.active--;
    this.#endIfClosed(worker);
  }

  #endIfClosed(worker: WorkerState): void {
    if (worker.isClosing && worker.active === 0 && worker.task !== 0) {
      this.#records.endWorker(worker.task);
      worker.task = 0;
    }
  }

  #close(queue: object, call: () => unknown): unknown {
    attempted(() => {
      const worker = getWeak(this.#workers, queue);
      if (worker === undefined) return;
      worker.isClosing = true;
      this.#endIfClosed(worker);
    });
    return call();
  }

  /** Whoever saved a job and listens to it hears how it ended. */
  #hear(queue: object, [, text]: readonly unknown[], call: () => unknown): unknown {
    attempted(() => {
      if (typeof text !== 'string') return;
      const [, id = '', event = ''] = builtIns.matches(ENDED, text) ?? [];
      const jobs = id === '' ? null : objectAt(queue, 'jobs');
      const job = jobs instanceof Map ? builtIns.getFromMap(jobs, id) : undefined;
      if (typeof job !== 'object' || job === null) return;
      const saver = getWeak(this.#savers, job) ?? 0;
      const listeners = objectAt(job, '_events');
      const isHeard = listeners !== null && plainProperty(listeners, event) !== undefined;
      const record = this.#queueOf(queue);
      if (record !== null && saver !== 0 && isHeard) this.#records.resultCame(record, id, saver);
    });
    return call();
  }

  #queueOf(queue: object): QueueRecord | null {
    const settings = objectAt(queue, 'settings');
    const client = objectAt(queue, 'client');
    if (settings === null || client === null) return null;
    // `bq:words:`
    const key = `${serverOf(client)} ${builtIns.slice(textAt(settings, 'keyPrefix'), 0, -1)}`;
    return this.#records.queue(key, textAt(queue, 'name'));
  }
}

/** `127.0.0.1:6379/0`, of a client of node_redis or ioredis. */
function serverOf(client: object): string {
  const options = objectAt(client, 'options') ?? {};
  const db = plainProperty(client, 'selected_db') ?? plainProperty(options, 'db');
  const port = plainProperty(options, 'port');
  const address =
    textAt(client, 'address') || `${textAt(options, 'host')}:${typeof port === 'number' ? port : 6379}`;
  const [, host = address, rest = ''] = builtIns.matches(/^(localhost|)(:\d+)$/, address) ?? [];
  return `${rest === '' ? host : `127.0.0.1${rest}`}/${typeof db === 'number' ? db : 0}`;
}

function failuresOf(job: object): number {
  const options = objectAt(job, 'options');
  const failures = options === null ? null : plainProperty(options, 'stacktraces');
  return builtIns.isArray(failures) ? (failures as unknown[]).length : 0;
}
