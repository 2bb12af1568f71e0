/**
 * The server's own fold of the current recording: it tails the files while the program runs,
 * tells at most every `refreshMs` that there is news, and answers which sites of a document waited.
 */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { follow, type Following } from '../../runtime/launch/follow.ts';
import { Fold } from '../../runtime/trace/fold/fold.ts';
import { SiteSummary, type SiteWaits } from '../../runtime/trace/summaries/site-summary.ts';
import { Trace } from '../../runtime/trace/model/trace.ts';
import { plain } from '../../runtime/trace/words/sentence.ts';
import { describeWait, describeWaitEnd } from '../../runtime/trace/words/wait.ts';
import type { MeasuredSite } from './place-sites.ts';
import type { WholeDocument } from './whole-document.ts';

/** Hints are for reading: half the panel's pace is plenty. */
const POLL_MS = 66;

export interface WatchOptions {
  readonly refreshMs: number;
  onNews(): void;
  onFault(words: string): void;
}

export class WatchedRecording {
  readonly folder: string;
  readonly #options: WatchOptions;
  readonly #trace = new Trace();
  readonly #summary = new SiteSummary(this.#trace);
  readonly #fold = new Fold([this.#summary], this.#trace);
  /** Sites by path, and how many sites of the trace are in it already. */
  readonly #byPath = new Map<string, number[]>();
  #indexed = 0;
  #toldVersion = 0;
  #timer: NodeJS.Timeout | null = null;
  #following: Following | null = null;

  constructor(folder: string, options: WatchOptions) {
    this.folder = folder;
    this.#options = options;
  }

  /** @param ended nothing more is written: read to the end and close the files. */
  start(ended: boolean): void {
    this.#following = follow(this.folder, {
      onBlock: (part, records) => {
        this.#fold.feed(part, records);
        this.#tellSoon();
      },
      onEnd: () => {
        this.#fold.end();
        // Whoever waited does not any more: news, though no event came.
        this.#summary.version++;
        this.#tellSoon();
      },
      onTrouble: (words) => this.#options.onFault(words),
      pollMs: POLL_MS,
    });
    if (ended) this.#following.finish();
  }

  /** The program has ended: what is left is read, and then no more is looked for. */
  ended(): void {
    this.#following?.finish();
  }

  /** The sites of this document at which something waited. */
  sitesOf(document: WholeDocument): MeasuredSite[] {
    const path = document.path;
    if (path === null) return [];
    this.#index();
    this.#summary.countOpen();
    const measured: MeasuredSite[] = [];
    for (const index of this.#byPath.get(pathKey(path)) ?? []) {
      const site = this.#trace.sites[index];
      const waits = this.#summary.sites.get(index);
      if (site && waits && waits.count + waits.waitingNow + waits.leftWaiting > 0)
        measured.push({ site, waits, longest: () => this.#longestOf(waits) });
    }
    return measured;
  }

  /** Looked up only when it is asked for: a hover is one site, hints are all of a file. */
  #longestOf({ worst }: SiteWaits): string[] {
    if (worst === null) return [];
    const sentences = [describeWait(this.#trace, worst), describeWaitEnd(this.#trace, worst)];
    return sentences.map(plain).filter((words) => words !== '');
  }

  dispose(): void {
    this.#following?.stop();
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #index(): void {
    const { sites } = this.#trace;
    for (; this.#indexed < sites.length; this.#indexed++) {
      const key = pathKey(sites[this.#indexed]!.file);
      const there = this.#byPath.get(key);
      if (there) there.push(this.#indexed);
      else this.#byPath.set(key, [this.#indexed]);
    }
  }

  /** The first news at once would be one site of many: all news wait for the same tick. */
  #tellSoon(): void {
    if (this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      if (this.#summary.version === this.#toldVersion) return;
      this.#toldVersion = this.#summary.version;
      this.#options.onNews();
    }, this.#options.refreshMs);
  }
}

/** One spelling for one file; on Windows and macOS, names differ by case alone for nobody. */
function pathKey(file: string): string {
  let path = file;
  if (file.startsWith('file:')) {
    try {
      path = fileURLToPath(file);
    } catch {
      return file;
    }
  }
  path = resolve(path);
  return process.platform === 'linux' ? path : path.toLowerCase();
}
