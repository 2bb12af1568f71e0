/**
 * Facts about errors in the recording: uncaught ones with message, place and task, caught ones with
 * their message. Node reports the first; for the second there is the user's own `catch`.
 *
 *   unhandled   a promise was rejected and has no handler: task = its owner, site = where the error
 *               was thrown, called = the call whose promise nobody took
 *   uncaught    an exception came out of a callback or of the main body
 *   error       the task failed with it, and the task that awaited it caught it
 *
 * It never handles an error, and reads no stack before the program's own listeners have run.
 */
import { hashLine } from '../../../trace/format/hash.ts';
import { KIND, FACT, SITE_ROLE } from '../../../trace/format/kinds.ts';
import { SafeMap } from '../../../recorder/built-ins.ts';
import { readInBetween } from '../../../recorder/in-between.ts';
import type { Recorder } from '../../../recorder/recorder.ts';
import {
  classOfError,
  describeError,
  isOfPackage,
  type StackFrame,
  placeInStack,
  placeOfError,
  stackFormatter,
} from './describe-error.ts';
import type { TimeBudget } from '../stack/time-budget.ts';
import { programUsesSourceMaps } from '../stack/source-maps-switch.ts';
import { changeStackLimit, restoreStackLimit } from '../stack/stack-limit.ts';
import { findCaller, sourcePosition } from '../stack/user-positions.ts';
import type { Activation } from '../state/activation.ts';
import { promiseInfoOf } from '../state/promise-info.ts';
import type { Sites } from '../state/sites.ts';
import type { ThreadState } from '../state/thread-state.ts';

const UNHANDLED = FACT.unhandled;
const UNCAUGHT = FACT.uncaught;
const ERROR = FACT.error;
const LINE = SITE_ROLE.line;

/**
 * A program may throw without end: beyond this many errors only the class is recorded, no place.
 */
const MAX_REPORTED = 1000;

/** Enough to get past what lies between a call and its caller in a package. */
const MAX_CALLER_FRAMES = 50;

/** The stack as V8 has it, in the positions of what runs. */
const formatPlainly = (_error: Error, trace: NodeJS.CallSite[]): string =>
  ['Error', ...trace.map(String)].join('\n    at ');

const toSource = (frame: StackFrame): StackFrame => ({ ...frame, ...sourcePosition(frame.file, frame) });

/** Most sources fit into the first; a larger file than the second is none that a person wrote. */
const SOURCE_BYTES = [128 << 10, 4 << 20] as const;
/** A mark of the byte order stays a part of the line, as in `readFileSync`. */
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const decodeUtf8 = utf8.decode.bind(utf8);

export class UncaughtErrors {
  readonly #recorder: Recorder;
  readonly #state: ThreadState;
  readonly #sites: Sites;
  readonly #places = new SafeMap<string, number>();
  #reportedCount = 0;
  /** Node may report one error twice: as a rejection, and as what ends the program. */
  #lastError: unknown = this;
  /** Writes the last error; null: it is written. */
  #writePending: (() => void) | null = null;
  #formatter: unknown = this;

  readonly #agentFolder: string;
  /** Where what failed with an error was made, as far as that is known; else 0. */
  siteOfFailed: (error: unknown) => number = () => 0;

  /** @param agentFolder folder of the agent's own code: its frames are not the program's. */
  constructor(recorder: Recorder, state: ThreadState, sites: Sites, agentFolder: string) {
    this.#agentFolder = agentFolder;
    this.#recorder = recorder;
    this.#state = state;
    this.#sites = sites;
  }

  /** Called when the loader is in its place and the program has not begun. */
  start(): void {
    this.#formatter = stackFormatter();
  }

  /** Node found a rejection without a handler. `writeLast` writes it. */
  noteUnhandled(error: unknown, promise: unknown): void {
    this.writeLast();
    if (error === this.#lastError) return;
    this.#lastError = error;
    const info = typeof promise === 'object' && promise !== null ? promiseInfoOf(promise) : undefined;
    let task = 0;
    let called = 0;
    if (info !== undefined) {
      task = info.owner?.id ?? (info.settler > 0 ? info.settler : info.creator);
      called = this.#sites.callAt(info.site);
    }
    this.#writePending = () => this.#write(UNHANDLED, task, error, called);
  }

  /** An exception that nothing caught. `writeLast` writes it. */
  noteUncaught(error: unknown): void {
    this.writeLast();
    if (error === this.#lastError) return;
    this.#lastError = error;
    const task = this.#state.current?.id ?? this.#state.creator;
    this.#writePending = () => this.#write(UNCAUGHT, task, error, 0, this.siteOfFailed(error));
  }

  /**
   * Writes the last error. Reading a stack fixes its text for good: this must come after the
   * program's own listeners, which may want another text.
   */
  writeLast(): void {
    const write = this.#writePending;
    this.#writePending = null;
    write?.();
  }

  /** An activation failed, and the task that awaited it caught the error. */
  recordCaught(failed: Activation, error: unknown): void {
    try {
      this.#recorder.write(KIND.fact, ERROR, failed.id, 0, this.#textOf(error), 0, 0);
    } catch {
      // A value that cannot be inspected is not recorded.
    }
  }

  /**
   * The stack at this moment as text, without frames of ours, and the user's line in it as a site;
   * 0: there is none. The program's own formatter of stacks is not asked.
   * @param isPassed frames that are passed over, too, by their line
   */
  stackHere(isPassed?: (line: string) => boolean): {
    readonly text: string;
    readonly site: number;
    readonly frame: StackFrame | null;
  } {
    const theirs = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace');
    // Node would read the map of each file in the stack, some milliseconds the first time.
    const isMapped = programUsesSourceMaps();
    const isTheirs = isMapped || theirs?.value !== this.#formatter || theirs?.get !== undefined;
    const formerLimit = changeStackLimit(MAX_CALLER_FRAMES);
    try {
      if (isTheirs) {
        const value = isMapped ? formatPlainly : this.#formatter;
        Object.defineProperty(Error, 'prepareStackTrace', { value, configurable: true });
      }
      const stack = new Error('').stack ?? '';
      const text = stack
        .split('\n')
        .slice(1)
        .filter((line) => !line.includes(this.#agentFolder) && isPassed?.(line) !== true)
        .join('\n');
      const frame = placeInStack(text, this.#agentFolder, isMapped ? toSource : undefined);
      return { text, site: this.siteOf(frame), frame };
    } finally {
      if (isTheirs && theirs !== undefined) Object.defineProperty(Error, 'prepareStackTrace', theirs);
      else if (isTheirs) Reflect.deleteProperty(Error, 'prepareStackTrace');
      restoreStackLimit(formerLimit);
    }
  }

  /** The user's line in the stack at this moment, as `stackHere` has it, at a fifth of its cost. */
  siteHere(): number {
    const toPlace = programUsesSourceMaps() ? toSource : undefined;
    const frame = findCaller(
      MAX_CALLER_FRAMES,
      (script) => script.startsWith('node:') || script.startsWith(this.#agentFolder) || isOfPackage(script),
      (text) => placeInStack(`    at ${text}`, this.#agentFolder, toPlace),
    );
    return frame === undefined ? this.stackHere().site : this.siteOf(frame);
  }

  /** The same, or 0 when the time for it is spent. */
  siteWithin(budget: TimeBudget): number {
    if (!budget.begin()) return 0;
    try {
      return this.siteHere();
    } finally {
      budget.end();
    }
  }

  /** The id of a place in the user's files. */
  siteAt(frame: StackFrame): number {
    return this.siteOf(frame);
  }

  #write(fact: number, task: number, error: unknown, called: number, failed = 0): void {
    const site =
      this.#reportedCount < MAX_REPORTED
        ? this.siteOf(placeOfError(error, this.#formatter, this.#agentFolder))
        : 0;
    const isEvent = site === 0 && failed !== 0;
    this.#recorder.write(
      KIND.fact,
      fact,
      task,
      site,
      this.#textOf(error),
      isEvent ? failed : called,
      isEvent ? 1 : 0,
    );
  }

  #textOf(error: unknown): number {
    return this.#recorder.defineText(
      this.#reportedCount++ < MAX_REPORTED ? describeError(error) : classOfError(error),
    );
  }

  /** Where in the user's own files an error was made; null: see `placeOfError`. */
  placeOf(error: unknown): StackFrame | null {
    return placeOfError(error, this.#formatter, this.#agentFolder);
  }

  /** Id of the site of a frame, which is defined here; 0 of none. */
  siteOf(frame: StackFrame | null): number {
    if (frame === null) return 0;
    const { file, line, column, fn } = frame;
    const key = `${file}:${line}:${column}`;
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const id = this.#recorder.reserveSiteIds(1);
    const lineHash = hashLine(sourceLineOf(file, line));
    this.#recorder.defineSite({ id, file, line, column, fn, text: '', role: LINE, direct: false, lineHash });
    this.#places.set(key, id);
    return id;
  }
}

/**
 * A line with its line break, as sites hash it; '' when it cannot be read any more. It may be asked
 * for in between other code.
 */
export function sourceLineOf(file: string, line: number): string {
  // What stands there is no file, and may not be read twice.
  if (file.startsWith('/dev/') || file.startsWith('/proc/')) return '';
  try {
    for (const size of SOURCE_BYTES) {
      const bytes = new Uint8Array(size);
      const length = readInBetween(file, bytes);
      if (length < size) return lineIn(decodeUtf8(bytes.subarray(0, length)), line);
    }
    return '';
  } catch {
    return '';
  }
}

/** The line with its line break; '': there is none of that number. */
function lineIn(text: string, line: number): string {
  let from = 0;
  for (let i = 1; i < line; i++) {
    from = text.indexOf('\n', from) + 1;
    if (from === 0) return '';
  }
  const end = text.indexOf('\n', from);
  return text.slice(from, end < 0 ? undefined : end + 1);
}
