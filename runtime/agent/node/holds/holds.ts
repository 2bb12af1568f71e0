/** Puts the room together: what tells of stretches for which this thread is held. */
import { isMainThread } from 'node:worker_threads';
import type { RingWriter } from '../../../recorder/ring-writer.ts';
import type { SharedStand } from '../../../recorder/shared-stand.ts';
import type { UncaughtErrors } from '../errors/uncaught-errors.ts';
import type { ThreadState } from '../state/thread-state.ts';
import { startCpuProfiler } from './cpu-profiler.ts';
import { watchBlockingCalls } from './blocking-calls.ts';
import { HeldPlaces } from './held-places.ts';
import { HoldSampler } from './hold-sampler.ts';
import { watchMessagesToMain } from './messages-to-main.ts';
import { RearmingTicks } from './rearming-ticks.ts';
import { watchThreadPool } from './thread-pool.ts';

export interface HoldsOptions {
  readonly writer: RingWriter;
  readonly state: ThreadState;
  readonly errors: UncaughtErrors;
  readonly stand: SharedStand;
  readonly agentFolder: string;
  /** `UV_THREADPOOL_SIZE`, as the process was given it. */
  readonly poolSize: string | undefined;
  /** Calls back when the program is about to load one of Node's modules. */
  readonly whenNamed: (module: string, onNamed: () => void) => void;
  /** A call of `fs` is about to write a file. @returns what is called when it is over */
  readonly beginWrite: (args: readonly unknown[], name: string) => () => void;
}

export interface Holds {
  /** What the helper thread has this thread call while other code holds it. */
  readonly answer: (heldNs: number, askedNs: number, ranNs: number) => void;
  /** Has V8's profiler look where the thread's CPU time goes. @returns what ends that */
  profile(): () => void;
  /** The process ends. */
  readonly end: () => void;
  readonly ticks: RearmingTicks;
  /** Watches the calls that are known to block. @returns what restores the built-ins */
  watchCalls(): () => void;
}

export function createHolds(options: HoldsOptions): Holds {
  const { writer, state, errors, stand, agentFolder, poolSize, whenNamed, beginWrite } = options;
  const isAgent = (path: string): boolean => path.startsWith(agentFolder);
  const places = new HeldPlaces(errors, isAgent);
  let endProfile = (): void => {};
  const ticks = new RearmingTicks(writer, state, places);
  const onTicks = (sinceNs: number): void => ticks.watch(sinceNs);
  const sampler = new HoldSampler({ writer, state, places, stand, onTicks });
  const parts = { recorder: writer, writer, state, places, stand, whenNamed };
  return {
    answer: (heldNs, askedNs, ranNs) => sampler.answer(heldNs, askedNs, ranNs),
    profile() {
      endProfile = startCpuProfiler({ writer, errors, isAgent });
      return endProfile;
    },
    end() {
      sampler.end();
      endProfile();
    },
    ticks,
    watchCalls() {
      const undo = [watchBlockingCalls(parts), watchThreadPool({ ...parts, size: poolSize, beginWrite })];
      if (!isMainThread) undo.push(watchMessagesToMain(parts));
      return () => {
        for (const restore of undo) restore();
      };
    },
  };
}
