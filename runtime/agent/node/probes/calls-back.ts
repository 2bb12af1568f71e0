/**
 * Functions of the program that are given a function to call once they are done: how often they
 * were given one, and how often they called it. Where a run has not called it when nothing can
 * happen any more, whoever gave it waits for ever, a queue say, and nobody hears of it.
 *
 * It counts, for what is given may be one and the same function each time. So a run that calls
 * twice hides one that does not.
 */
import { FACT, KIND } from '../../../trace/format/kinds.ts';
import { SafeMap } from '../../../recorder/built-ins.ts';
import type { ThreadContext } from './thread-context.ts';

const MISSING = FACT['missing-callback'];
const MAX_FUNCTIONS = 1000;
const MAX_AMOUNT = 2 ** 32 - 1;

interface Calls {
  /** Of the function. */
  readonly site: number;
  given: number;
  back: number;
}

export interface CallsBack {
  /** The function at this site begins, and was given `callback`. */
  noteGiven(site: number, callback: unknown): void;
  /** It called that. */
  noteBack(site: number): void;
  /** Writes a fact for each function some of whose runs have not called back. */
  report(): void;
}

export function createCallsBack({ recorder, sites }: Pick<ThreadContext, 'recorder' | 'sites'>): CallsBack {
  const functions: Calls[] = [];
  const bySite = new SafeMap<number, Calls>();

  return {
    // Near the end of the stack there may be too little of it.
    noteGiven(site, callback) {
      if (typeof callback !== 'function') return;
      try {
        const known = bySite.get(site);
        if (known !== undefined) known.given++;
        else if (functions.length < MAX_FUNCTIONS) {
          const calls = { site, given: 1, back: 0 };
          bySite.set(site, calls);
          functions[functions.length] = calls;
        }
      } catch {}
    },

    noteBack(site) {
      try {
        const known = bySite.get(site);
        if (known !== undefined) known.back++;
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
