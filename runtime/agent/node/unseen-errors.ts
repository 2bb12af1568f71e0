/**
 * Facts of errors in the recording: what nobody caught or handled, by message, place and task, and of what was caught
 * the kind. Node tells of the first; for the second there is the user's own `catch`.
 *
 *   unhandled ─ a promise was rejected and nobody looked: task = whose promise, site = where it was thrown, called = where it was left
 *   uncaught  ─ an exception came out of a callback or of the main body
 *   error     ─ the task failed with it, and whoever awaited it caught it
 */
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { hashLine } from '../../trace/format/hash.ts';
import { FACTS, K, SITE_ROLES, numberOf } from '../../trace/format/kinds.ts';
import type { Recorder } from '../../recorder/recorder.ts';
import { classOfError, describeError, type Frame, placeOfError, stackFormatter } from './errors-seen.ts';
import type { Act, Moment } from './moment.ts';
import { linkOf } from './promises.ts';
import type { Sites } from './sites.ts';

const UNHANDLED = numberOf(FACTS, 'unhandled');
const UNCAUGHT = numberOf(FACTS, 'uncaught');
const ERROR = numberOf(FACTS, 'error');
const LINE = numberOf(SITE_ROLES, 'line');

/** Errors come from the program, and without end: beyond these many only their class is told, and no place. */
const MOST_TOLD = 1000;

/** Node's own, as they were before the program could replace them. */
const { readFileSync, statSync } = fs;
/** A larger file is no source that somebody wrote; and what is no file may have no end. */
const MOST_BYTES = 4 << 20;

const OURS = fileURLToPath(new URL('.', import.meta.url));

export class UnseenErrors {
  readonly #recorder: Recorder;
  readonly #moment: Moment;
  readonly #sites: Sites;
  readonly #places = new Map<string, number>();
  #told = 0;
  /** Node may tell of one error twice, as a rejection and as what ends the program. */
  #last: unknown = this;
  #untold: (() => void) | null = null;
  #formatter: unknown = this;

  constructor(recorder: Recorder, moment: Moment, sites: Sites) {
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
    this.tell();
    if (error === this.#last) return;
    this.#last = error;
    const link = typeof promise === 'object' && promise !== null ? linkOf(promise) : undefined;
    let act = 0;
    let called = 0;
    if (link !== undefined) {
      act = link.owner?.id ?? (link.by > 0 ? link.by : link.creator);
      called = this.#sites.callAt(link.site);
    }
    this.#untold = () => this.#write(UNHANDLED, act, error, called);
  }

  /** Likewise. */
  uncaught(error: unknown): void {
    this.tell();
    if (error === this.#last) return;
    this.#last = error;
    const act = this.#moment.current?.id ?? this.#moment.creator;
    this.#untold = () => this.#write(UNCAUGHT, act, error, 0);
  }

  /** Writes it. Reading a stack gives it its words for good: the program's own listeners come first, who may want others. */
  tell(): void {
    const untold = this.#untold;
    this.#untold = null;
    untold?.();
  }

  /** It was awaited and failed, and the error is in the hands of who awaited it. */
  caught(act: Act, error: unknown): void {
    try {
      this.#recorder.write(K.fact, ERROR, act.id, 0, this.#textOf(error), 0, 0);
    } catch {
      // Of a value that cannot be looked at, nothing is said.
    }
  }

  #write(what: number, act: number, error: unknown, called: number): void {
    const site = this.#told < MOST_TOLD ? this.#siteOf(placeOfError(error, this.#formatter, OURS)) : 0;
    this.#recorder.write(K.fact, what, act, site, this.#textOf(error), called, 0);
  }

  #textOf(error: unknown): number {
    return this.#recorder.text(this.#told++ < MOST_TOLD ? describeError(error) : classOfError(error));
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
    if (!stat.isFile() || stat.size > MOST_BYTES) return '';
    return readFileSync(file, 'utf8').split(/(?<=\n)/, line)[line - 1] ?? '';
  } catch {
    return '';
  }
}
