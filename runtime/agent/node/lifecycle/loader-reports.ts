/**
 * What the loader did, as records: the time it took from the user's thread (pause, resume), the files it could
 * not instrument, and in the end how many files held something to see. So that loading is not charged to the program, and a
 * thin trace says why. It counts and says; it decides nothing.
 */
import { KIND, AGENT_NOTICE, PAUSE } from '../../../trace/format/kinds.ts';
import type { Recorder } from '../../../recorder/recorder.ts';
import type { FileReport, OnFile } from '../loader/options.ts';

const INSTRUMENT = PAUSE.instrument;
const SEEN = AGENT_NOTICE.seen;
const UNSEEN = AGENT_NOTICE.unseen;
/** Shorter work of ours is not told: a cached file takes about as long. */
const MIN_PAUSE_NS = 1_000_000n;
const MAX_NOT_INSTRUMENTED = 100;

export class LoaderReports {
  private readonly recorder: Recorder;
  /**
   * By path: Node loads a file twice of which it has to find out what kind of module it is, and may show us the second time what
   * we made of it the first.
   */
  private readonly heard = new Map<string, Pick<FileReport, 'outcome' | 'sites'>>();
  private refused = 0;
  private saidLoading = false;
  private said = '';

  constructor(recorder: Recorder) {
    this.recorder = recorder;
  }

  readonly onFile: OnFile = (file, where) => {
    if (where === 'here') this.paused(file.fromNs, file.toNs);
    // What kind of module a file is, is no news of its own.
    if (file.outcome === 'kind') return;
    const { outcome, sites, path } = file;
    const known = this.heard.get(path);
    if (known?.outcome !== 'instrumented') this.heard.set(path, { outcome, sites });
    if (outcome === 'refused' && known?.outcome !== 'refused') this.unseen(file);
  };

  /**
   * The entry, an ES module, was loaded by way of the hooks thread: until that gave its last answer, nothing of the program
   * could run. Told once; what is loaded later is loaded while the program runs.
   */
  entryLoaded(fromNs: bigint, answeredNs: bigint): void {
    if (this.saidLoading || answeredNs === 0n) return;
    this.saidLoading = true;
    this.paused(fromNs, answeredNs);
  }

  private paused(fromNs: bigint, toNs: bigint): void {
    if (toNs - fromNs < MIN_PAUSE_NS) return;
    this.recorder.writeAt(fromNs, KIND.pause, INSTRUMENT, 0, 0, 0, 0, 0);
    this.recorder.writeAt(toNs, KIND.resume, INSTRUMENT, 0, 0, 0, 0, 0);
  }

  /** Says what was seen so far, unless that was said already. */
  write(): void {
    const files = [...this.heard.values()];
    const foreign = files.filter(({ outcome }) => outcome === 'foreign').length;
    const all = files.length - foreign;
    // In the others is no probe; they only lost their types.
    const probed = files.filter(({ sites }) => sites > 0).length;
    const parts = [`${probed} of ${all} ${all === 1 ? 'file' : 'files'} held async functions`];
    if (foreign > 0) parts.push(`${foreign} in node_modules ${foreign === 1 ? 'was' : 'were'} left alone`);
    const words = parts.join('; ');
    if (words === this.said) return;
    this.said = words;
    this.recorder.write(KIND.agent, SEEN, 0, this.recorder.text(words), 0, 1, 0);
  }

  private unseen({ path, why }: FileReport): void {
    if (++this.refused > MAX_NOT_INSTRUMENTED) return;
    const words = `${path} could not be instrumented: ${why}`;
    this.recorder.write(KIND.agent, UNSEEN, 0, this.recorder.text(words), 0, 1, 0);
  }
}
