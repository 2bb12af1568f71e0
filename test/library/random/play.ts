/**
 * Plays a random program and says what is wrong with how it went. The laws:
 *
 *   items put = items got + items left     permits and locks are free in the end
 *   no task is left                        jobs fail with WorkerError when they ended their worker,
 *   nothing hangs                          and no others; each begins once
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  allTasks,
  CancelledError,
  type Coroutine,
  type Future,
  gather,
  group,
  Lock,
  type Permit,
  type Pool,
  Queue,
  QueueFull,
  race,
  run,
  Semaphore,
  sleep,
  spawn,
  timeout,
  TimeoutError,
  WorkerError,
} from '../../../runtime/index.ts';
import { doJob, Ledger } from './ledger.ts';
import { type Body, type JobStep, makeProgram, type Program, type Step } from './program.ts';

/** No program takes so long, on a busy machine either: it hangs. */
const MAX_PROGRAM_MS = 60_000;

/**
 * @param sums counts what happened, so that a reader sees that something did.
 * @returns what is wrong; nothing, as a rule.
 */
export async function playProgram(
  seed: number,
  pools: readonly Pool[],
  sums = new Map<string, number>(),
): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'simul-random-'));
  let watchdog: NodeJS.Timeout | undefined;
  const hangs = new Promise<string[]>((resolve) => {
    watchdog = setTimeout(() => resolve([`it hangs; ${describeTasks()}`]), MAX_PROGRAM_MS);
  });
  const stage = new Stage(makeProgram(seed, pools.length), pools, new Ledger(join(folder, 'log')), sums);
  try {
    return await Promise.race([stage.play(), hangs]);
  } finally {
    clearTimeout(watchdog);
    rmSync(folder, { recursive: true });
  }
}

const describeTasks = (): string =>
  allTasks()
    .map((task) => `${task.name} ${JSON.stringify(task)}`)
    .join('; ');

/** What is waited for, and what is done with what it gives. */
type Begun = readonly [Future, (value: never) => void];

/** What a program waits for, and what it did with it. */
class Stage {
  readonly #program: Program;
  readonly #pools: readonly Pool[];
  readonly #ledger: Ledger;
  readonly #queues: readonly Queue<string>[];
  readonly #tables: Semaphore;
  readonly #till = new Lock({ name: 'till' });
  /** Each with the future of its put. */
  readonly #puts: (readonly [item: string, asked: Future<void>])[] = [];
  readonly #got: string[] = [];
  readonly #wrong: string[] = [];
  readonly #sums: Map<string, number>;
  #bodies = 0;
  #seated = 0;
  #ringing = 0;

  constructor(program: Program, pools: readonly Pool[], ledger: Ledger, sums: Map<string, number>) {
    this.#sums = sums;
    this.#program = program;
    this.#pools = pools;
    this.#ledger = ledger;
    this.#queues = program.capacities.map((capacity) => new Queue<string>({ capacity }));
    this.#tables = new Semaphore(program.permits);
  }

  async play(): Promise<string[]> {
    const { bodies, cancelledAfterMs, abortedAfterMs, virtualSeed } = this.#program;
    const stops = new AbortController();
    const main = async (): Promise<void> => {
      const tasks = bodies.map((body) => spawn(this.#bodyOf(body) as () => Coroutine<void>));
      const ends = gather(tasks, { returnErrors: true });
      cancelledAfterMs.forEach((ms, at) => {
        if (ms !== null)
          spawn(async () => {
            await sleep(ms);
            tasks[at]!.cancel('the program says so');
          }).onDone(() => {});
      });
      if (abortedAfterMs !== null) {
        const abort = spawn(async () => {
          await sleep(abortedAfterMs);
          stops.abort('enough');
        });
        abort.onDone(() => {});
      }
      for (const end of await ends) if (end instanceof Error) this.#expect(end);
      for (const task of allTasks()) if (task.name === '') this.#wrong.push('a task has no name');
    };
    try {
      await run(main, {
        signal: stops.signal,
        ...(virtualSeed === null ? {} : { clock: 'virtual' as const, seed: virtualSeed }),
      });
    } catch (error) {
      this.#expect(error);
    }
    await this.#poolsAreIdle();
    this.#checkEnd();
    return this.#wrong;
  }

  /** Calls that nobody wants may still run, where their worker had not heard of it. */
  async #poolsAreIdle(): Promise<void> {
    const isBusy = (pool: Pool): boolean => {
      const { assignedCalls, queuedCalls } = pool.stats();
      return assignedCalls + queuedCalls > 0;
    };
    while (this.#pools.some(isBusy)) await new Promise((resolve) => setTimeout(resolve, 1));
  }

  #checkEnd(): void {
    if (allTasks().length > 0) this.#wrong.push(`tasks are left: ${describeTasks()}`);
    const left: string[] = [];
    for (const queue of this.#queues) while (!queue.isEmpty) left.push(queue.getNow());
    const put = this.#puts.filter(([, asked]) => asked.state === 'done').map(([item]) => item);
    for (const [item, asked] of this.#puts)
      if (asked.state === 'pending') this.#wrong.push(`the put of ${item} still waits`);
    const out = [...this.#got, ...left].toSorted().join();
    if (out !== put.toSorted().join()) this.#wrong.push(`put ${put.toSorted().join()}, got or left ${out}`);
    if (this.#tables.available !== this.#program.permits)
      this.#wrong.push(`${this.#tables.available} of ${this.#program.permits} permits came back`);
    if (this.#till.isLocked) this.#wrong.push('the lock is held');
    this.#wrong.push(...this.#ledger.complaints());
    this.#ledger.count(this.#sums);
    const add = (name: string, more: number): void =>
      void this.#sums.set(name, (this.#sums.get(name) ?? 0) + more);
    add('items put', put.length);
    add('items got', this.#got.length);
    add('bodies', this.#bodies);
  }

  /** What bodies may end with. */
  #expect(error: unknown): void {
    const errors = error instanceof AggregateError ? (error.errors as unknown[]) : [error];
    for (const each of errors) {
      const isPlanned =
        each instanceof CancelledError ||
        each instanceof TimeoutError ||
        each instanceof WorkerError ||
        each instanceof QueueFull ||
        (each instanceof RangeError && /^job \d+$/.test(each.message));
      if (!isPlanned) this.#wrong.push(`not planned: ${(each as Error).stack ?? String(each)}`);
    }
  }

  /** A body as a function for a task; both kinds do the same. */
  #bodyOf({ isCoroutine, steps }: Body): () => unknown {
    this.#bodies++;
    const begin = (step: Step): Begun => this.#begin(step);
    const passOn = (error: unknown): void => this.#passOn(error);
    if (isCoroutine)
      return function* coroutine(): Generator<Future, void, unknown> {
        for (const step of steps) {
          const [future, use] = begin(step);
          try {
            use((yield* future) as never);
          } catch (error) {
            passOn(error);
          }
        }
      };
    return async function asynchronous(): Promise<void> {
      for (const step of steps) {
        const [future, use] = begin(step);
        try {
          use((await future) as never);
        } catch (error) {
          passOn(error);
        }
      }
    };
  }

  /** Half of the failures end their body, so that groups see them; a cancellation always does. */
  #passOn(error: unknown): void {
    this.#expect(error);
    if (error instanceof CancelledError || String(error).length % 2 === 0) throw error;
  }

  /** What is waited for, and what is done with what it gives. */
  #begin(step: Step): Begun {
    const bodyOf = (body: Body): (() => Coroutine<void>) => this.#bodyOf(body) as () => Coroutine<void>;
    const keep = (item: string): void => void this.#got.push(item);
    const nothing = (): void => {};
    switch (step.kind) {
      case 'sleep':
        return [sleep(step.ms), nothing];
      case 'put': {
        const asked = Array.from({ length: step.count }, () => {
          const item = `item${this.#puts.length}`;
          const put = this.#queues[step.queue]!.put(item);
          this.#puts.push([item, put]);
          return put;
        });
        return [timeout(5, gather(asked)), nothing];
      }
      case 'get':
        return [timeout(step.ms, this.#queues[step.queue]!.get()), keep];
      case 'race for items':
        return [
          race([...this.#queues.map((queue) => queue.get()), sleep(1)]),
          (won: string | undefined) => won !== undefined && keep(won),
        ];
      case 'gather of items':
        return [
          timeout(2, gather(this.#queues.map((queue) => queue.get()))),
          (both: readonly string[]) => both.forEach(keep),
        ];
      case 'race for a permit': {
        const permits = Math.min(step.permits, this.#program.permits);
        const asked = [this.#tables.acquire({ permits }), this.#tables.acquire(), this.#till.acquire()];
        return [race([...asked, sleep(1)]), (won: Permit | undefined) => won?.release()];
      }
      case 'holding':
        return [this.#holding(step.what, bodyOf(step.body)), nothing];
      case 'group': {
        const bodies = step.bodies.map(bodyOf);
        return [
          group(async (g) => {
            for (const body of bodies) g.spawn(body);
            await sleep(1);
          }),
          nothing,
        ];
      }
      case 'gather':
        return [gather(step.bodies.map(bodyOf), { returnErrors: true }), nothing];
      case 'race':
        return [race(step.bodies.map(bodyOf)), nothing];
      case 'timeout':
        return [timeout(step.ms, bodyOf(step.body)), nothing];
      case 'cancelled': {
        const task = spawn(bodyOf(step.body));
        return [
          gather([task, sleep(step.ms).then(() => void task.cancel('another says so'))], {
            returnErrors: true,
          }),
          nothing,
        ];
      }
      case 'job':
        return [this.#job(this.#pools[step.pool]!, step.job), nothing];
    }
  }

  #holding(what: 'lock' | 'permits', body: () => Coroutine<void>): Future {
    const { permits } = this.#program;
    // One that is held is not asked for again: the body would wait for itself.
    return what === 'lock'
      ? timeout(20, this.#till.with(this.#counted(body, 'ringing', 1)))
      : timeout(20, this.#tables.with(this.#counted(body, 'seated', permits)));
  }

  /** Says when more tasks hold something than may. */
  #counted(body: () => Coroutine<void>, what: 'ringing' | 'seated', max: number): () => Promise<void> {
    const count = (more: number): number =>
      what === 'ringing' ? (this.#ringing += more) : (this.#seated += more);
    return async () => {
      if (count(1) > max)
        this.#wrong.push(`more than ${max} hold the ${what === 'ringing' ? 'lock' : 'permits'}`);
      try {
        await spawn(body);
      } finally {
        count(-1);
      }
    };
  }

  #job(pool: Pool, job: JobStep): Future {
    const ledger = this.#ledger;
    switch (job.kind) {
      case 'apply': {
        const asked = ledger.newJob(job.doing);
        const stops = new AbortController();
        const options = job.stop === 'signal' ? { signal: stops.signal } : {};
        const call = ledger.watch(pool.apply(doJob, [asked], options), [asked]);
        if (job.stop === 'no') return call;
        const stop = (): void =>
          job.stop === 'cancel' ? void call.cancel('unwanted') : stops.abort('unwanted');
        return gather([call, sleep(3).then(stop)], { returnErrors: true });
      }
      case 'map': {
        const asked = job.doings.map((doing) => ledger.newJob(doing));
        return ledger.watch(pool.map(doJob, asked, { chunkSize: job.chunkSize }), asked);
      }
      case 'imap':
        return spawn(() => this.#imap(pool, job));
    }
  }

  async #imap(pool: Pool, { doings, isAsync, ahead, take }: JobStep & { kind: 'imap' }): Promise<void> {
    const asked = doings.map((doing) => this.#ledger.newJob(doing));
    async function* later(): AsyncGenerator<(typeof asked)[number], void, undefined> {
      for (const each of asked) {
        await sleep(0);
        yield each;
      }
    }
    const results = pool.imap(doJob, isAsync ? later() : asked, { ahead });
    try {
      for (const each of asked.slice(0, take)) {
        const ended = this.#ledger.request([each]);
        try {
          ended(((await results.next()) as { value: unknown }).value, false);
        } catch (error) {
          ended(error, true);
          this.#passOn(error);
        }
      }
    } finally {
      await results.return();
    }
  }
}
