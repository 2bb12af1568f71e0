/**
 * Where a thread's CPU time goes, on request (`SIMUL_CPU`): V8's own profiler looks at the stack
 * 200 times a second. It runs no JavaScript between the program's lines. Every few seconds and at
 * the end, what it saw is summed up by place and written as `profile` records.
 *
 * A look tells of wall time. Where the system says how long the thread ran, no more than that is
 * told: a thread without a processor looks as if it worked.
 */
import { KIND, UNIT } from '../../../trace/format/kinds.ts';
import { builtIns } from '../../../recorder/built-ins.ts';
import type { RingWriter } from '../../../recorder/ring-writer.ts';
import { osThreadId, readThreadTimes } from '../../../recorder/thread-times.ts';
import type { UncaughtErrors } from '../errors/uncaught-errors.ts';
import { frameOfFunction } from '../stack/user-positions.ts';
import { functionName } from './held-places.ts';
import { type CpuProfile, placesOf, type ProfilePlace } from './profile-places.ts';

const INTERVAL_US = 5000;
/** What a thread saw that is ended from outside is lost since the last time: a young one writes sooner. */
const FIRST_WRITE_MS = 250;
const MAX_WRITE_MS = 5000;
/** Places in one window; what is left is summed up. */
const MAX_PLACES = 256;

interface ProfilerSession {
  connect(): void;
  disconnect(): void;
  /** Answers before it returns. */
  post(method: string, params: object, answer: (error: Error | null, result?: object) => void): void;
}

export interface CpuProfilerOptions {
  readonly writer: RingWriter;
  readonly errors: UncaughtErrors;
  /** Whether a file is one of the agent's. */
  readonly isAgent: (file: string) => boolean;
}

/** @returns what writes the last of it and ends; null: this Node has no profiler, or refuses it */
export function startCpuProfiler(options: CpuProfilerOptions): (() => void) | null {
  const osThread = osThreadId();
  const ranNs = (): number => readThreadTimes(osThread)?.ranNs ?? NaN;
  let session: ProfilerSession | null = null;
  let timer: NodeJS.Timeout | null = null;
  let formerRanNs = 0;
  const post = (method: string, params: object = {}): object => {
    let answer: object = {};
    session!.post(`Profiler.${method}`, params, (error, result) => {
      if (error !== null) throw error;
      answer = result ?? {};
    });
    return answer;
  };
  const start = (): void => {
    formerRanNs = ranNs();
    post('start');
  };
  const write = (): void => {
    const { profile } = post('stop') as { profile: CpuProfile };
    writePlaces(options, profile, ranNs() - formerRanNs);
  };
  const writeIn = (ms: number): void => {
    timer = builtIns
      .setTimeout(() => {
        try {
          write();
          start();
          writeIn(Math.min(MAX_WRITE_MS, 2 * ms));
        } catch {
          end();
        }
      }, ms)
      .unref();
  };
  const end = (): void => {
    if (timer !== null) builtIns.clearTimeout(timer);
    try {
      if (session !== null) write();
      session?.disconnect();
    } catch {
      // What was seen since the last time is not told.
    }
    session = null;
  };
  try {
    const { Session } = process.getBuiltinModule('node:inspector');
    session = new Session() as unknown as ProfilerSession;
    session.connect();
    post('enable');
    post('setSamplingInterval', { interval: INTERVAL_US });
    start();
    writeIn(FIRST_WRITE_MS);
    return end;
  } catch {
    end();
    return null;
  }
}

/** @param ranNs how long the thread ran meanwhile; NaN: the system does not say */
function writePlaces({ writer, errors, isAgent }: CpuProfilerOptions, profile: CpuProfile, ranNs: number): void {
  const places = placesOf(profile, frameOfFunction, isAgent);
  const seenNs = places.reduce((sum, { us }) => sum + us * 1000, 0);
  const scale = ranNs < seenNs ? ranNs / seenNs : 1;
  const rest: ProfilePlace = { at: null, what: 'other code', us: 0, samples: 0 };
  for (const { us, samples } of places.splice(MAX_PLACES)) {
    rest.us += us;
    rest.samples += samples;
  }
  if (rest.samples > 0) places.push(rest);
  for (const { at, what, us, samples } of places) {
    const site = at === null ? 0 : errors.siteAt({ ...at, fn: functionName(at.name) });
    const name = writer.defineText(what);
    writer.write(KIND.profile, UNIT.us, 0, Math.round(us * scale), site, name, samples);
  }
}
