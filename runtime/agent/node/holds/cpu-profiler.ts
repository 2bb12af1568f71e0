/**
 * Where a thread's CPU time goes, on request (`SIMUL_CPU`): V8's own profiler looks at the stack
 * 200 times a second. It runs no JavaScript between the program's lines. Every few seconds and at
 * the end, what it saw is summed up by place and written as `profile` records, and the stretches
 * for which one place had the thread as `held` ones.
 *
 *   start ─ 250 ms ─ write ─ 500 ms ─ write ─ 1 s ─ write ─ … ─ 5 s ─ write ─ … ─ end: write
 *   a worker: start ─ 60 ms ─ write ─ 120 ms ─ write ─ …
 *
 * A pool's thread that waits for work in `Atomics.wait` has no timers and is ended there: it writes
 * before it waits when it has worked for a while.
 *
 * While a profile ends and the next begins, a third one goes on: a profiler that stops forgets
 * which functions V8 has put into others, and takes them for those from then on.
 *
 * It refuses to say more than the system does of how long the thread ran (profile-times.ts). Where
 * nothing was seen that is worth a record it writes none: an idle program stays idle.
 */
import { createRequire } from 'node:module';
import { isMainThread } from 'node:worker_threads';
import { AGENT_NOTICE, HOLD, KIND, UNIT } from '../../../trace/format/kinds.ts';
import { builtIns } from '../../../recorder/built-ins.ts';
import { inspectorRefusal } from '../../../recorder/inspector-flags.ts';
import type { RingWriter } from '../../../recorder/ring-writer.ts';
import { osThreadId, readThreadTimes, type ThreadTimes } from '../../../recorder/thread-times.ts';
import { replaceBuiltin } from '../builtins/replace-builtin.ts';
import type { UncaughtErrors } from '../errors/uncaught-errors.ts';
import { frameOfFunction } from '../stack/user-positions.ts';
import { functionName } from './held-places.ts';
import { type CpuProfile, INSTRUMENT, looksOf, placesOf, type ProfilePlace } from './profile-places.ts';
import { type Stretch, stretchesOf } from './profile-stretches.ts';
import { countedUs, timeSharesOf } from './profile-times.ts';

const INTERVAL_US = 5000;
/** A thread that is ended from outside loses what it saw since: a young one writes sooner. */
const FIRST_WRITE_MS = 250;
/** Pools end the threads that they do not need as soon as these have done their job. */
const FIRST_WRITE_OF_WORKER_MS = 60;
const WRITE_MS = 5000;
/** Before a wait that may be the last: after so much work, and so much of all that it ever did. */
const MIN_WORKED_NS = 10_000_000n;
const MAX_LOST = 0.05;
/** Less than so much work is kept for the next time. */
const MIN_WRITE_US = 10_000;
/** Places and stretches of one time; of places, what is left is summed up. */
const MAX_PLACES = 256;
const MAX_STRETCHES = 64;
const MAX_US = 2 ** 32;

/** Of the profile that goes on while another one ends and the next begins. */
const BETWEEN = 'simul';

interface ProfilerSession {
  connect(): void;
  disconnect(): void;
  /** Answers before it returns. */
  post(method: string, params: object, answer: (error: unknown, result?: object) => void): void;
}

/** V8's own console: its profiles are of all sessions that have the profiler enabled. */
interface V8Console {
  profile(title: string): void;
  profileEnd(title: string): void;
}

export interface CpuProfilerOptions {
  readonly writer: RingWriter;
  readonly errors: UncaughtErrors;
  /** Whether a file is one of the agent's. */
  readonly isAgent: (file: string) => boolean;
}

/** What was seen, and is not written yet; what is counted, µs. */
interface Counted {
  readonly place: ProfilePlace;
  us: number;
  samples: number;
}

/**
 * @returns what writes the last of it and ends. Where this Node has no profiler, or refuses it,
 *   the recording says so.
 */
export function startCpuProfiler(options: CpuProfilerOptions): () => void {
  const refusal = inspectorRefusal();
  const profiler = new CpuProfiler(options);
  if (refusal === null) profiler.start();
  else if (isMainThread) profiler.noteRefusal(refusal);
  return () => profiler.end();
}

class CpuProfiler {
  readonly #options: CpuProfilerOptions;
  readonly #osThread = osThreadId();
  #session: ProfilerSession | null = null;
  #console: V8Console | null = null;
  readonly #timers: NodeJS.Timeout[] = [];
  #sinceNs = 0n;
  #restoreWait = (): void => {};
  #before: ThreadTimes | null = null;
  #unwritten: Counted[] = [];

  constructor(options: CpuProfilerOptions) {
    this.#options = options;
  }

  start(): void {
    try {
      const inspector = createRequire(import.meta.url)('node:inspector') as typeof import('node:inspector');
      const { Session, console: v8Console } = inspector;
      const { profile, profileEnd } = v8Console;
      this.#console = { profile, profileEnd };
      const session = new Session() as unknown as ProfilerSession;
      session.connect();
      this.#session = session;
      this.#post('enable');
      this.#post('setSamplingInterval', { interval: INTERVAL_US });
      this.#begin();
      this.#startTimers();
      if (!isMainThread) this.#watchWaits();
    } catch (error) {
      this.#disconnect();
      this.noteRefusal(error instanceof Error ? error.message : 'V8’s inspector refuses');
    }
  }

  /** The thread ends, or the instrument is switched off. */
  end(): void {
    this.#restoreWait();
    for (const timer of this.#timers.splice(0)) builtIns.clearTimeout(timer);
    if (this.#session === null) return;
    try {
      this.#read();
      this.#write();
    } catch {
      // What was seen since the last time is not told.
    }
    this.#disconnect();
  }

  noteRefusal(why: string): void {
    const { writer } = this.#options;
    const text = writer.defineText(`where the CPU time went: ${why}`);
    writer.write(KIND.agent, AGENT_NOTICE.unseen, 0, text, 0, 1, 0);
  }

  #disconnect(): void {
    try {
      this.#session?.disconnect();
    } catch {
      // It is gone already.
    }
    this.#session = null;
  }

  /** All timers are made before the program runs: its async hooks see none that is made later. */
  #startTimers(): void {
    const firstMs = isMainThread ? FIRST_WRITE_MS : FIRST_WRITE_OF_WORKER_MS;
    for (let ms = firstMs; ms < WRITE_MS; ms = 2 * ms + firstMs)
      this.#timers.push(builtIns.setTimeout(() => this.#turn(), ms).unref());
    const last = builtIns
      .setTimeout(() => {
        this.#turn();
        if (this.#session !== null) last.refresh();
      }, WRITE_MS)
      .unref();
    this.#timers.push(last);
  }

  #watchWaits(): void {
    const beforeWait = (): void => {
      if (builtIns.now() - this.#sinceNs < MIN_WORKED_NS) return;
      const ranNs = readThreadTimes(this.#osThread)?.ranNs ?? 0;
      const before = this.#before?.ranNs ?? 0;
      if (ranNs - before >= Math.max(Number(MIN_WORKED_NS), before * MAX_LOST)) this.#turn();
    };
    this.#restoreWait = replaceBuiltin(Atomics, 'wait', (original) => {
      const { wait } = {
        wait(this: unknown, ...args: unknown[]): unknown {
          beforeWait();
          return builtIns.apply(original, this, args);
        },
      };
      return wait as (...args: never[]) => unknown;
    });
  }

  /** Writes what was seen, and goes on. */
  #turn(): void {
    if (this.#session === null) return;
    try {
      this.#console?.profile(BETWEEN);
      this.#read();
      this.#begin();
      this.#console?.profileEnd(BETWEEN);
      if (this.#workedUs() >= MIN_WRITE_US) this.#write();
    } catch (error) {
      this.#disconnect();
      this.noteRefusal(error instanceof Error ? error.message : 'V8’s inspector refuses');
    }
  }

  /** Without the instrument, whose records would be a sign of life. */
  #workedUs(): number {
    return this.#unwritten.reduce((sum, { place, us }) => (place.what === INSTRUMENT ? sum : sum + us), 0);
  }

  /** An answer must not throw: Node would print that as a warning. */
  #post(method: string, params: object = {}): object {
    let answer: object = {};
    let failure: unknown = null;
    this.#session!.post(`Profiler.${method}`, params, (error, result) => {
      failure = error;
      answer = result ?? {};
    });
    if (failure !== null) throw failure;
    return answer;
  }

  #begin(): void {
    this.#before = readThreadTimes(this.#osThread);
    this.#sinceNs = builtIns.now();
    this.#post('start');
  }

  /** Ends the profile that runs, and keeps what it says. */
  #read(): void {
    const { profile } = this.#post('stop') as { profile: CpuProfile };
    const during = timesSince(this.#before, readThreadTimes(this.#osThread));
    const { isAgent } = this.#options;
    const looks = looksOf(profile, (fn) => frameOfFunction(fn, isAgent), isAgent);
    const places = placesOf(looks);
    const shares = timeSharesOf(places, during);
    for (const place of places) this.#keep(place, countedUs(place, shares));
    // V8's clock is Node's on most systems, and not on all.
    const toNs = (us: number): bigint => this.#sinceNs + BigInt(Math.round((us - profile.startTime) * 1e3));
    for (const stretch of longest(stretchesOf(looks))) this.#writeStretch(stretch, toNs(stretch.fromUs));
  }

  #keep(place: ProfilePlace, us: number): void {
    const { samples } = place;
    const same = this.#unwritten.find((each) => isSame(each.place, place));
    if (same === undefined) this.#unwritten.push({ place, us, samples });
    else {
      same.us += us;
      same.samples += samples;
    }
  }

  #write(): void {
    const { writer } = this.#options;
    const counted = this.#unwritten.sort((a, b) => b.us - a.us);
    this.#unwritten = [];
    const rest = { us: 0, samples: 0 };
    for (const { us, samples } of counted.splice(MAX_PLACES)) {
      rest.us += us;
      rest.samples += samples;
    }
    for (const { place, us, samples } of counted) {
      const name = writer.defineText(place.what);
      const [duration, unit] = durationOf(us);
      writer.write(KIND.profile, unit, 0, duration, this.#siteOf(place), name, samples);
    }
    if (rest.samples === 0) return;
    const name = writer.defineText('other code');
    const [duration, unit] = durationOf(rest.us);
    writer.write(KIND.profile, unit, 0, duration, 0, name, rest.samples);
  }

  /** A call that tells of itself is told once, and the agent holds nobody. */
  #writeStretch({ place, fromUs, toUs }: Stretch, sinceNs: bigint): void {
    if (place.tellsItself || place.what === INSTRUMENT) return;
    const { writer } = this.#options;
    const name = writer.defineText(place.what);
    const how = place.at === null ? HOLD.unseen : HOLD.sampled;
    const [duration, unit] = durationOf(toUs - fromUs);
    writer.writeAt(sinceNs, KIND.held, unit | (how << 2), 0, duration, this.#siteOf(place), name, 0);
  }

  #siteOf({ at }: ProfilePlace): number {
    return at === null ? 0 : this.#options.errors.siteAt({ ...at, fn: functionName(at.name) });
  }
}

/** A field has 32 bits: 71 minutes of µs. */
const durationOf = (us: number): readonly [duration: number, unit: number] =>
  us < MAX_US - 1 ? [Math.round(us), UNIT.us] : [Math.round(us / 1e3), UNIT.ms];

function timesSince(before: ThreadTimes | null, after: ThreadTimes | null): ThreadTimes | null {
  if (before === null || after === null) return null;
  return { ranNs: after.ranNs - before.ranNs, delayedNs: after.delayedNs - before.delayedNs };
}

const isSame = (a: ProfilePlace, b: ProfilePlace): boolean =>
  a.what === b.what &&
  a.at?.file === b.at?.file &&
  a.at?.line === b.at?.line &&
  a.at?.column === b.at?.column;

/** The longest ones, in the order of time. */
function longest(stretches: readonly Stretch[]): readonly Stretch[] {
  if (stretches.length <= MAX_STRETCHES) return stretches;
  const lengths = stretches.map(({ fromUs, toUs }) => toUs - fromUs).sort((a, b) => b - a);
  const min = lengths[MAX_STRETCHES - 1]!;
  return stretches.filter(({ fromUs, toUs }) => toUs - fromUs >= min).slice(0, MAX_STRETCHES);
}
