/**
 * Functions of the program that are given a function to call once they are done: how often they
 * were given one, and how often they called it. Where a run has not called it when nothing can
 * happen any more, whoever gave it waits for ever, a queue say, and nobody hears of it.
 *
 * It counts, for what is given may be one and the same function each time. So a run that calls
 * twice hides one that does not. A run that calls twice is told where the one call comes right
 * behind the other, as the parser saw, and both were made.
 */
import { executionAsyncId } from 'node:async_hooks';
import { FACT, KIND } from '../../../trace/format/kinds.ts';
import { SafeMap } from '../../../recorder/built-ins.ts';
import type { ThreadContext } from './thread-context.ts';

const MISSING = FACT['missing-callback'];
const TWICE = FACT['called-twice'];
const MAX_TWICE = 1000;
const MAX_FUNCTIONS = 1000;
const MAX_AMOUNT = 2 ** 32 - 1;

interface Calls {
  /** Of the function. */
  readonly site: number;
  given: number;
  back: number;
  /** The call of it that was made last, and in which callback of Node's. */
  lastSite: number;
  asyncId: number;
  twice: number;
  /** What is called just now in a `try`: the site of its last argument; 0: nothing is. */
  begun: number;
  begunId: number;
}

export interface CallsBack {
  /** The function at this site begins, and was given `callback`. */
  noteGiven(site: number, callback: unknown): void;
  /** It called that, at `call`. @param before the call that goes before this one; 0: none does */
  noteBack(site: number, call: number, before: number): void;
  /** It is about to call it in a `try`, or in its `catch` (`isCaught`). */
  noteBegun(site: number, call: number, isCaught: boolean): void;
  /** Writes a fact for each function some of whose runs have not called back. */
  report(): void;
}

export function createCallsBack({ recorder, sites }: Pick<ThreadContext, 'recorder' | 'sites'>): CallsBack {
  const functions: Calls[] = [];
  const bySite = new SafeMap<number, Calls>();

  function noteTwice(known: Calls, first: number, call: number, how = ''): void {
    if (++known.twice > MAX_TWICE) return;
    sites.waitFlags(first);
    sites.waitFlags(call);
    const text = recorder.defineText(
      `${sites.functionName(known.site)} ${sites.callsBack(known.site)}${how}`,
    );
    recorder.write(KIND.fact, TWICE, 0, call, text, first, known.twice);
  }

  return {
    // Near the end of the stack there may be too little of it.
    noteGiven(site, callback) {
      if (typeof callback !== 'function') return;
      try {
        const known = bySite.get(site);
        if (known !== undefined) {
          known.given++;
          known.begun = 0;
        } else if (functions.length < MAX_FUNCTIONS) {
          const calls = { site, given: 1, back: 0, lastSite: 0, asyncId: 0, twice: 0, begun: 0, begunId: 0 };
          bySite.set(site, calls);
          functions[functions.length] = calls;
        }
      } catch {}
    },

    noteBack(site, call, before) {
      try {
        const known = bySite.get(site);
        if (known === undefined) return;
        known.back++;
        const asyncId = executionAsyncId();
        if (before !== 0 && known.lastSite === before && known.asyncId === asyncId)
          noteTwice(known, before, call);
        known.begun = 0;
        known.lastSite = call;
        known.asyncId = asyncId;
      } catch {}
    },

    noteBegun(site, call, isCaught) {
      try {
        const known = bySite.get(site);
        if (known === undefined) return;
        const asyncId = executionAsyncId();
        // A call in the `try` that came to its end was noted, and is begun no more.
        if (isCaught && known.begun !== 0 && known.begunId === asyncId)
          noteTwice(known, known.begun, call, ' caught');
        known.begun = isCaught ? 0 : call;
        known.begunId = asyncId;
      } catch {}
    },

    report() {
      // What began to run later may be what others wait for.
      for (let i = functions.length - 1; i >= 0; i--) {
        const { site, given, back } = functions[i]!;
        if (given <= back) continue;
        sites.waitFlags(site);
        const text = recorder.defineText(`${sites.functionName(site)} ${sites.callsBack(site)} ${given}`);
        const missing = given - back;
        recorder.write(KIND.fact, MISSING, 0, site, text, 0, missing > MAX_AMOUNT ? MAX_AMOUNT : missing);
      }
    },
  };
}
