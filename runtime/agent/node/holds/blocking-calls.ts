/**
 * Calls of Node's that hold the thread until they are done: `*Sync` of fs, child_process, crypto
 * and zlib, `Atomics.wait`. V8 answers no question while native code runs, so each of them tells
 * of itself when it took long: the line that called it, and for how long.
 *
 * They are slow by nature: the two looks at the clock are less than a hundredth of the fastest. A
 * frame of ours stands on their stack, which no stack trace shows, nor does it take the place of
 * another one there.
 */
import { createRequire } from 'node:module';
import { isMainThread } from 'node:worker_threads';
import { ACTIVATION_KIND, FLAG, HOLD, KIND, OUTCOME, UNIT } from '../../../trace/format/kinds.ts';
import { builtIns } from '../../../recorder/built-ins.ts';
import type { RingWriter } from '../../../recorder/ring-writer.ts';
import type { SharedStand } from '../../../recorder/shared-stand.ts';
import { replaceBuiltin, undoAll } from '../builtins/replace-builtin.ts';
import { raiseStackLimit, restoreStackLimit } from '../stack/stack-limit.ts';
import type { ThreadState } from '../state/thread-state.ts';
import type { HeldPlaces } from './held-places.ts';

type Callable = (...args: never[]) => unknown;

const { apply } = builtIns;
/** Shorter ones hold nobody. */
const MIN_NS = 20_000_000n;
const CALL = UNIT.us | (HOLD.call << 2);
const CALLBACK = ACTIVATION_KIND['event-callback'];

/** Of fs those that move data, walk folders or wait: the others take microseconds. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  fs: [
    'readFileSync',
    'writeFileSync',
    'appendFileSync',
    'copyFileSync',
    'rmSync',
    'readdirSync',
    'openSync',
    'readSync',
    'writeSync',
    'readvSync',
    'writevSync',
    'fsyncSync',
    'fdatasyncSync',
  ],
  child_process: ['spawnSync', 'execSync', 'execFileSync'],
  crypto: [
    'pbkdf2Sync',
    'scryptSync',
    'hkdfSync',
    'argon2Sync',
    'generateKeyPairSync',
    'generateKeySync',
    'generatePrimeSync',
    'checkPrimeSync',
    'randomFillSync',
  ],
  zlib: [
    'deflateSync',
    'inflateSync',
    'gzipSync',
    'gunzipSync',
    'deflateRawSync',
    'inflateRawSync',
    'unzipSync',
    'brotliCompressSync',
    'brotliDecompressSync',
    'zstdCompressSync',
    'zstdDecompressSync',
  ],
};

export interface BlockingCallsOptions {
  readonly writer: RingWriter;
  readonly state: ThreadState;
  readonly places: HeldPlaces;
  readonly stand: SharedStand;
  /** Calls back when the program is about to load one of Node's modules. */
  readonly whenNamed: (module: string, onNamed: () => void) => void;
}

/** Loaded in every program. */
const LOADED = new Set(['fs', 'child_process']);

/** @returns what restores the originals */
export function watchBlockingCalls({
  writer,
  state,
  places,
  stand,
  whenNamed,
}: BlockingCallsOptions): () => void {
  function note(name: string, sinceNs: bigint, hasTimedOut: boolean): void {
    const nowNs = builtIns.now();
    if (nowNs - sinceNs < MIN_NS) return;
    try {
      const { site, from } = places.ofCaller();
      if (site === 0) return;
      const current = state.current?.id ?? 0;
      const task = current === 0 ? writer.nextId() : current;
      // What calls here outside any task is a callback: at least the call of it was seen.
      if (current === 0) {
        const text = writer.defineText(places.nameOf(from || site));
        writer.writeAt(sinceNs, KIND.activationBegin, CALLBACK, task, 0, from || site, text, 0);
      }
      const flags = CALL | (hasTimedOut ? FLAG.heldTimedOut : 0);
      const durationUs = Number((nowNs - sinceNs) / 1000n);
      writer.writeAt(sinceNs, KIND.held, flags, task, durationUs, site, writer.defineText(name), from);
      if (current === 0) writer.writeAt(nowNs, KIND.activationEnd, OUTCOME.ok, task, 0, 0, 0, 0);
    } catch {
      // No stack is left: the call is not told of.
    }
  }

  function watch(host: object, name: string): () => void {
    return replaceBuiltin(host, name, (original) => {
      const { [name]: replacement } = {
        [name](this: unknown, ...args: unknown[]): unknown {
          const sinceNs = builtIns.now();
          const formerLimit = raiseStackLimit();
          try {
            return apply(original, this, args);
          } finally {
            restoreStackLimit(formerLimit);
            note(name, sinceNs, false);
          }
        },
      };
      return replacement as Callable;
    });
  }

  const require = createRequire(import.meta.url);
  const undo: (() => void)[] = [];
  for (const [module, names] of Object.entries(NAMES)) {
    const watchModule = (): void => {
      const host = require(`node:${module}`) as object;
      for (const name of names) if (Object.hasOwn(host, name)) undo.push(watch(host, name));
    };
    if (LOADED.has(module)) watchModule();
    else whenNamed(module, watchModule);
  }
  // A worker may wait like that for work: that is what it is for.
  if (isMainThread) {
    undo.push(
      replaceBuiltin(Atomics, 'wait', (original) => {
        const { wait } = {
          wait(this: unknown, ...args: unknown[]): unknown {
            const sinceNs = builtIns.now();
            let result: unknown;
            stand.begin();
            try {
              result = apply(original, this, args);
              return result;
            } finally {
              stand.end();
              note('Atomics.wait', sinceNs, result === 'timed-out');
            }
          },
        };
        return wait as Callable;
      }),
    );
  }
  return () => undoAll(undo);
}
