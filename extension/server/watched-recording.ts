/**
 * The server's fold of the current recording. It tails the files while the program runs, reports a
 * change at most every `refreshMs`, and answers which sites of a document waited.
 */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { follow, type Following } from '../../runtime/launch/follow.ts';
import { startRules } from '../../runtime/trace/findings/registry.ts';
import { Fold } from '../../runtime/trace/fold/fold.ts';
import { SiteSummary, type SiteWaits } from '../../runtime/trace/summaries/site-summary.ts';
import { exceededBounds } from '../../runtime/trace/model/budget.ts';
import { Trace } from '../../runtime/trace/model/trace.ts';
import type { MomentView } from '../../runtime/trace/messages/moment.ts';
import { presentView } from '../../runtime/trace/queries/present.ts';
import { ResourcesNow } from '../../runtime/trace/summaries/resources-now.ts';
import { splitFirstSentence } from '../../runtime/trace/words/first-sentence.ts';
import { plain } from '../../runtime/trace/words/sentence.ts';
import { describeAwaited } from '../../runtime/trace/words/value.ts';
import { describeWait, describeWaitEnd } from '../../runtime/trace/words/wait.ts';
import { type Problem, type ProblemOptions, problemsOf } from './problems.ts';
import type { MeasuredSite } from './place-sites.ts';
import type { WholeDocument } from './whole-document.ts';

/** Half as often as the panel polls: hints are read, not watched. */
const POLL_MS = 66;
/** More causes than fit into a hover. */
const MAX_FINDINGS = 3;

export interface WatchOptions {
  readonly refreshMs: number;
  onChange(): void;
  /** Records were read, or the end was; no more often than changes are told. */
  onRead?(): void;
  onFault(words: string): void;
}

export class WatchedRecording {
  readonly folder: string;
  readonly #options: WatchOptions;
  #trace = new Trace();
  #summary = new SiteSummary(this.#trace);
  #rules = startRules(this.#trace);
  #resources = new ResourcesNow(this.#trace);
  #fold = new Fold([this.#summary, this.#resources, ...this.#rules.observers], this.#trace);
  /** Indexes of sites by `pathKey`; the first `#indexedCount` sites of the trace are in it. */
  readonly #byPath = new Map<string, number[]>();
  #indexedCount = 0;
  #reportedVersion = 0;
  #timer: NodeJS.Timeout | null = null;
  #following: Following | null = null;

  constructor(folder: string, options: WatchOptions) {
    this.folder = folder;
    this.#options = options;
  }

  /** @param ended nothing more is written: the files are read to their end and closed */
  start(ended: boolean): void {
    this.#following = follow(this.folder, {
      onBlock: (part, records) => {
        const { exceeded } = this.#trace;
        const before = exceeded.size;
        this.#fold.feed(part, records);
        for (const words of exceededBounds(this.#trace).slice(before)) this.#options.onFault(words);
        this.#scheduleReport();
      },
      onEnd: () => {
        this.#fold.end();
        // Tasks that were waiting are now left waiting: a change without a record.
        this.#summary.version++;
        this.#scheduleReport();
      },
      onTrouble: (words) => this.#options.onFault(words),
      onLetGo: () => this.#startAnew(ended),
      pollMs: POLL_MS,
    });
    if (ended) this.#following.finish();
  }

  /** Records were let go of before they were read. */
  #startAnew(ended: boolean): void {
    this.#following?.stop();
    this.#trace = new Trace();
    this.#summary = new SiteSummary(this.#trace);
    this.#rules = startRules(this.#trace);
    this.#resources = new ResourcesNow(this.#trace);
    this.#fold = new Fold([this.#summary, this.#resources, ...this.#rules.observers], this.#trace);
    this.#byPath.clear();
    this.#indexedCount = 0;
    this.#reportedVersion = -1;
    this.start(ended);
  }

  /** The program has ended: the rest is read, and then the files are closed. */
  finish(): void {
    this.#following?.finish();
  }

  /** The sites of this document at which something waited. */
  sitesOf(document: WholeDocument): MeasuredSite[] {
    const path = document.path;
    if (path === null) return [];
    this.#indexSites();
    this.#summary.countOpen();
    const measured: MeasuredSite[] = [];
    for (const index of this.#byPath.get(pathKey(path)) ?? []) {
      const site = this.#trace.sites[index];
      const waits = this.#summary.sites.get(index);
      if (site && waits && waits.count + waits.waitingNow + waits.leftWaiting > 0)
        measured.push({
          site,
          waits,
          language: this.#trace.processes[site.process]?.language,
          longest: () => this.#describeLongest(waits),
          findings: () => this.#describeFindings(index),
        });
    }
    return measured;
  }

  get trace(): Trace {
    return this.#trace;
  }

  /** What every task does now. */
  present(): MomentView {
    return presentView(this.#trace, this.#resources);
  }

  /** What the run says of its files, as of now. */
  problems(options: ProblemOptions): Map<string, Problem[]> {
    return problemsOf(this.#trace, this.#rules.findings(), options);
  }

  /** Made only on request: a hover needs it for one site, hints cover a whole file. */
  #describeLongest({ worst }: SiteWaits): string[] {
    if (worst === null) return [];
    const sentences = [describeWait(this.#trace, worst), describeWaitEnd(this.#trace, worst)].map(plain);
    return [...sentences, describeAwaited(this.#trace, worst)].filter((words) => words !== '');
  }

  /** What was found at this site: the first sentence of each. */
  #describeFindings(index: number): string[] {
    return this.#rules
      .findings()
      .filter(({ sites }) => sites.includes(index))
      .slice(0, MAX_FINDINGS)
      .map(({ words }) => plain(splitFirstSentence(words).first));
  }

  dispose(): void {
    this.#following?.stop();
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #indexSites(): void {
    const { sites } = this.#trace;
    for (; this.#indexedCount < sites.length; this.#indexedCount++) {
      const key = pathKey(sites[this.#indexedCount]!.file);
      const indexes = this.#byPath.get(key);
      if (indexes) indexes.push(this.#indexedCount);
      else this.#byPath.set(key, [this.#indexedCount]);
    }
  }

  /** Even the first change waits: at once it would show one site of many. */
  #scheduleReport(): void {
    if (this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#options.onRead?.();
      if (this.#summary.version === this.#reportedVersion) return;
      this.#reportedVersion = this.#summary.version;
      this.#options.onChange();
    }, this.#options.refreshMs);
  }
}

/** One spelling for each file. On Windows and macOS the case of a name makes no difference. */
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
