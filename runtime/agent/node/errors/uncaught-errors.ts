/**
 * Facts of errors in the recording: what nobody caught or handled, by message, place and task, and of what was caught
 * the kind. Node tells of the first; for the second there is the user's own `catch`.
 *
 *   unhandled ─ a promise was rejected and nobody looked: task = whose promise, site = where it was thrown, called = where it was left
 *   uncaught  ─ an exception came out of a callback or of the main body
 *   error     ─ the task failed with it, and whoever awaited it caught it
 */
import fs from 'node:fs';
import { hashLine } from '../../../trace/format/hash.ts';
import { KIND, FACT, SITE_ROLE } from '../../../trace/format/kinds.ts';
import type { Recorder } from '../../../recorder/recorder.ts';
import { classOfError, describeError, type Frame, placeOfError, stackFormatter } from './describe-error.ts';
import type { Activation, ThreadState } from '../state/thread-state.ts';
import { promiseInfoOf } from '../promises/promise-hooks.ts';
import type { Sites } from '../state/sites.ts';

const UNHANDLED = FACT.unhandled;
const UNCAUGHT = FACT.uncaught;
const ERROR = FACT.error;
const LINE = SITE_ROLE.line;

/** Errors come from the program, and without end: beyond these many only their class is told, and no place. */
const MAX_REPORTED = 1000;

/** Node's own, as they were before the program could replace them. */
const { readFileSync, statSync } = fs;
/** A larger file is no source that somebody wrote; and what is no file may have no end. */
const MAX_SOURCE_BYTES = 4 << 20;

export class UncaughtErrors {
  readonly #recorder: Recorder;
  readonly #moment: ThreadState;
  readonly #sites: Sites;
  readonly #places = new Map<string, number>();
  #reportedCount = 0;
  /** Node may tell of one error twice, as a rejection and as what ends the program. */
  #last: unknown = this;
  #flushPending: (() => void) | null = null;
  #formatter: unknown = this;

  readonly #agentFolder: string;

  /** @param agentFolder where the agent's own code lies: its frames are not the program's. */
  constructor(recorder: Recorder, moment: ThreadState, sites: Sites, agentFolder: string) {
    this.#agentFolder = agentFolder;
    this.#recorder = recorder;
    this.#moment = moment;
    this.#sites = sites;
  }

  /** The loader is in its place, and the program has not begun. */
  start(): void {
    this.#formatter = stackFormatter();
  }

  /** Node gave up on a rejection, whatever a listener of the program's makes of it. To be told by `tell`. */
  unhandled(error: unknown, promise: unknown): void {
    this.report();
    if (error === this.#last) return;
    this.#last = error;
    const link = typeof promise === 'object' && promise !== null ? promiseInfoOf(promise) : undefined;
    let act = 0;
    let called = 0;
    if (link !== undefined) {
      act = link.owner?.id ?? (link.settler > 0 ? link.settler : link.creator);
      called = this.#sites.callAt(link.site);
    }
    this.#flushPending = () => this.#write(UNHANDLED, act, error, called);
  }

  /** Likewise. */
  uncaught(error: unknown): void {
    this.report();
    if (error === this.#last) return;
    this.#last = error;
    const act = this.#moment.current?.id ?? this.#moment.creator;
    this.#flushPending = () => this.#write(UNCAUGHT, act, error, 0);
  }

  /** Writes it. Reading a stack gives it its words for good: the program's own listeners come first, who may want others. */
  report(): void {
    const untold = this.#flushPending;
    this.#flushPending = null;
    untold?.();
  }

  /** It was awaited and failed, and the error is in the hands of who awaited it. */
  caught(act: Activation, error: unknown): void {
    try {
      this.#recorder.write(KIND.fact, ERROR, act.id, 0, this.#textOf(error), 0, 0);
    } catch {
      // Of a value that cannot be looked at, nothing is said.
    }
  }

  #write(what: number, act: number, error: unknown, called: number): void {
    const site =
      this.#reportedCount < MAX_REPORTED
        ? this.#siteOf(placeOfError(error, this.#formatter, this.#agentFolder))
        : 0;
    this.#recorder.write(KIND.fact, what, act, site, this.#textOf(error), called, 0);
  }

  #textOf(error: unknown): number {
    return this.#recorder.text(
      this.#reportedCount++ < MAX_REPORTED ? describeError(error) : classOfError(error),
    );
  }

  #siteOf(frame: Frame | null): number {
    if (frame === null) return 0;
    const { file, line, column, fn } = frame;
    const key = `${file}:${line}:${column}`;
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const id = this.#recorder.nextSites(1);
    const lineHash = hashLine(lineOf(file, line));
    this.#recorder.site({ id, file, line, column, fn, text: '', role: LINE, direct: false, lineHash });
    this.#places.set(key, id);
    return id;
  }
}

/** With its end, as sites have it; '' when it cannot be read any more. */
function lineOf(file: string, line: number): string {
  try {
    const stat = statSync(file);
    if (!stat.isFile() || stat.size > MAX_SOURCE_BYTES) return '';
    return readFileSync(file, 'utf8').split(/(?<=\n)/, line)[line - 1] ?? '';
  } catch {
    return '';
  }
}
