/**
 * The jobs of libuv's thread pool that are slow by nature (key derivation, compression), and those
 * that may stand behind them (files, look-ups of names): which were under way while the pool was
 * full. One fact a job, when it is done, and only then; a job that finds a free thread costs a
 * count.
 *
 * What `fs/promises` does is not counted: the waits for its promises are recorded, and say as much.
 */
import { createRequire } from 'node:module';
import { FACT, FLAG, KIND, RESOURCE_KIND } from '../../../trace/format/kinds.ts';
import { builtIns } from '../../../recorder/built-ins.ts';
import type { Recorder } from '../../../recorder/recorder.ts';
import { replaceBuiltin, undoAll } from '../builtins/replace-builtin.ts';
import type { ThreadState } from '../state/thread-state.ts';
import type { HeldPlaces } from './held-places.ts';

type Callback = (...args: unknown[]) => unknown;

/** Functions that write files. */
const WRITES = ['writeFile', 'appendFile', 'copyFile'] as const;

/** `isSlow`: its line is worth a look at the stack, whatever the pool does. */
const JOBS: readonly (readonly [module: string, isSlow: boolean, names: readonly string[]])[] = [
  [
    'crypto',
    true,
    ['pbkdf2', 'scrypt', 'argon2', 'generateKeyPair', 'generateKey', 'generatePrime', 'checkPrime'],
  ],
  ['crypto', false, ['hkdf', 'randomBytes', 'randomFill']],
  [
    'zlib',
    true,
    [
      ...['deflate', 'inflate', 'gzip', 'gunzip', 'deflateRaw', 'inflateRaw', 'unzip'],
      ...['brotliCompress', 'brotliDecompress', 'zstdCompress', 'zstdDecompress'],
    ],
  ],
  ['dns', false, ['lookup', 'lookupService']],
  [
    'fs',
    false,
    ['readFile', 'writeFile', 'appendFile', 'copyFile', 'stat', 'lstat', 'access', 'readdir', 'mkdir'],
  ],
];

const isWriteOf = (module: string, name: string): boolean =>
  module === 'fs' && (WRITES as readonly string[]).includes(name);
const nothing = (): void => {};

const DEFAULT_SIZE = 4;
const MAX_SIZE = 1024;
/** Shorter jobs hold nobody up. */
const MIN_JOB_NS = 20_000_000n;
const MAX_FACTS = 5000;
const JOB = FACT['pool-job'];

export interface ThreadPoolOptions {
  readonly recorder: Recorder;
  readonly state: ThreadState;
  readonly places: HeldPlaces;
  /** `UV_THREADPOOL_SIZE`, as the process was given it. */
  readonly size: string | undefined;
  /** Calls back when the program is about to load one of Node's modules. */
  readonly whenNamed: (module: string, onNamed: () => void) => void;
  /** As `HoldsOptions.beginWrite`. */
  readonly beginWrite: (args: readonly unknown[], name: string) => () => void;
}

/** @returns what restores the originals */
export function watchThreadPool(options: ThreadPoolOptions): () => void {
  const { recorder, state, places, size, whenNamed, beginWrite } = options;
  const asked = Number(size);
  const threads = asked >= 1 ? builtIns.min(builtIns.floor(asked), MAX_SIZE) : DEFAULT_SIZE;
  let underWay = 0;
  /** How often the pool became full. */
  let fulls = 0;
  let facts = 0;
  let pool = 0;

  function begin(name: string, isSlow: boolean, callback: Callback, onOver: () => void): Callback {
    underWay++;
    const isFull = underWay >= threads;
    if (isFull) fulls++;
    const sinceNs = builtIns.now();
    const fullsBefore = fulls;
    const task = state.current?.id ?? state.creator;
    const site = isSlow || isFull ? siteHere() : 0;
    let isOver = false;
    return function (this: unknown, ...args: unknown[]): unknown {
      if (!isOver) {
        isOver = true;
        onOver();
        const wasFull = isFull || fulls !== fullsBefore;
        underWay--;
        if (wasFull) record(name, task, site, sinceNs);
      }
      return builtIns.apply(callback, this, args);
    };
  }

  function siteHere(): number {
    try {
      return facts < MAX_FACTS ? places.ofCaller().site : 0;
    } catch {
      return 0;
    }
  }

  function record(name: string, task: number, site: number, sinceNs: bigint): void {
    const ns = builtIns.now() - sinceNs;
    if (ns < MIN_JOB_NS || site === 0 || facts >= MAX_FACTS) return;
    facts++;
    if (pool === 0) {
      pool = recorder.nextId();
      const kind = RESOURCE_KIND['thread-pool'] | FLAG.resourceBounded;
      const text = recorder.defineText('the thread pool of libuv');
      recorder.write(KIND.resourceBegin, kind, 0, pool, 0, text, threads);
    }
    recorder.write(KIND.fact, JOB, task, site, recorder.defineText(name), 0, Number(ns / 1000n));
  }

  function watch(host: object, name: string, isSlow: boolean, isWrite: boolean): () => void {
    return replaceBuiltin(host, name, (original) => {
      const { [name]: replacement } = {
        [name](this: unknown, ...args: unknown[]): unknown {
          const last = args.length - 1;
          const callback = args[last];
          if (typeof callback !== 'function') return builtIns.apply(original, this, args);
          const before = underWay;
          const onOver = isWrite ? beginWrite(args, name) : nothing;
          args[last] = begin(name, isSlow, callback as Callback, onOver);
          let isStarted = false;
          try {
            const result: unknown = builtIns.apply(original, this, args);
            isStarted = true;
            return result;
          } finally {
            // It refused its arguments.
            if (!isStarted) {
              underWay = before;
              onOver();
            }
          }
        },
      };
      return replacement as (...args: never[]) => unknown;
    });
  }

  const require = createRequire(import.meta.url);
  const undo: (() => void)[] = [];
  for (const [module, isSlow, names] of JOBS) {
    const watchModule = (): void => {
      const host = require(`node:${module}`) as object;
      for (const name of names)
        if (Object.hasOwn(host, name)) undo.push(watch(host, name, isSlow, isWriteOf(module, name)));
    };
    if (module === 'fs') watchModule();
    else whenNamed(module, watchModule);
  }
  return () => undoAll(undo);
}
