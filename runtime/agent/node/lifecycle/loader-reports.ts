/**
 * What the loader did, as records: the time that it took from the user's thread (pause, resume),
 * the files that it could not instrument, and at the end how many files held async functions. So
 * loading is not charged to the program, and a thin trace says why it is thin.
 *
 * It counts and records. It decides nothing.
 */
import { KIND, AGENT_NOTICE, PAUSE } from '../../../trace/format/kinds.ts';
import type { Recorder } from '../../../recorder/recorder.ts';
import type { FileReport, OnFile } from '../loader/options.ts';

const { instrument: INSTRUMENT, loading: LOADING } = PAUSE;
const SEEN = AGENT_NOTICE.seen;
const UNSEEN = AGENT_NOTICE.unseen;
/** Shorter work of ours is not recorded: a cached file takes about this long. */
const MIN_PAUSE_NS = 1_000_000n;
const MAX_NOT_INSTRUMENTED = 100;

export class LoaderReports {
  private readonly recorder: Recorder;
  /**
   * By path. Node loads a file twice when it has to find out what kind of module it is; the second
   * time it may show us the text that we made of it the first time.
   */
  private readonly files = new Map<string, Pick<FileReport, 'outcome' | 'sites'>>();
  private refusedCount = 0;
  private isEntryRecorded = false;
  private entry = '';
  private mainBeganNs = 0n;
  private lastText = '';

  constructor(recorder: Recorder) {
    this.recorder = recorder;
  }

  readonly onFile: OnFile = (file, where) => {
    if (where === 'here') {
      if (file.path === this.entry && this.files.size === 0) this.entryRead(file.fromNs);
      this.recordPause(file.fromNs, file.toNs, INSTRUMENT);
    }
    // The kind of a module is no result: the same file is reported again.
    if (file.outcome === 'kind') return;
    const { outcome, sites, path } = file;
    const known = this.files.get(path);
    if (known?.outcome !== 'instrumented') this.files.set(path, { outcome, sites });
    if (outcome === 'refused' && known?.outcome !== 'refused') this.recordUnseen(file);
  };

  /** The main activation began, and no file of the program was read before. */
  mainBegan(beganNs: bigint, entry: string): void {
    this.mainBeganNs = beganNs;
    this.entry = entry;
  }

  /**
   * The entry, an ES module, was loaded through the hooks thread: no code of the program could run
   * until that thread gave its last answer. Recorded once: later files are loaded while the program
   * runs.
   */
  entryLoaded(fromNs: bigint, answeredNs: bigint): void {
    if (this.isEntryRecorded || answeredNs === 0n) return;
    this.isEntryRecorded = true;
    this.recordPause(fromNs, answeredNs, INSTRUMENT);
  }

  /** The entry, the first file of the program, is read: until now there was none that could run. */
  private entryRead(atNs: bigint): void {
    if (this.isEntryRecorded || this.mainBeganNs === 0n) return;
    this.isEntryRecorded = true;
    this.recordPause(this.mainBeganNs, atNs, LOADING);
  }

  private recordPause(fromNs: bigint, toNs: bigint, why: number): void {
    if (toNs - fromNs < MIN_PAUSE_NS) return;
    this.recorder.writeAt(fromNs, KIND.pause, why, 0, 0, 0, 0, 0);
    this.recorder.writeAt(toNs, KIND.resume, why, 0, 0, 0, 0, 0);
  }

  /** Records how many files held async functions, unless the same was recorded already. */
  recordSeen(): void {
    const files = [...this.files.values()];
    const foreign = files.filter(({ outcome }) => outcome === 'foreign').length;
    // One that was refused has a row of its own.
    const refused = files.filter(({ outcome }) => outcome === 'refused').length;
    const all = files.length - foreign - refused;
    if (all + foreign === 0) return;
    // The other files hold no probe: they only lost their types.
    const probed = files.filter(({ sites }) => sites > 0).length;
    const parts = [`${probed} of ${all} ${all === 1 ? 'file' : 'files'} held async functions`];
    if (foreign > 0) parts.push(`${foreign} in node_modules ${foreign === 1 ? 'was' : 'were'} left alone`);
    const text = parts.join('; ');
    if (text === this.lastText) return;
    this.lastText = text;
    this.recorder.write(KIND.agent, SEEN, 0, this.recorder.defineText(text), 0, 1, 0);
  }

  /** Paths of the program's own files that were loaded. */
  ownFiles(): string[] {
    return [...this.files].filter(([, { outcome }]) => outcome !== 'foreign').map(([path]) => path);
  }

  private recordUnseen({ path, why }: FileReport): void {
    if (++this.refusedCount > MAX_NOT_INSTRUMENTED) return;
    const text = `${path} could not be instrumented: ${why}`;
    this.recorder.write(KIND.agent, UNSEEN, 0, this.recorder.defineText(text), 0, 1, 0);
  }
}
