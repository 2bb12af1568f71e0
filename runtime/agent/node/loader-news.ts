/**
 * What the loader did, as records: the time it took from the user's thread (pause, resume), the files it could
 * not instrument, and in the end how many files held something to see. So that loading is not charged to the program, and a
 * thin trace says why. It counts and says; it decides nothing.
 */
import { AGENT_NEWS, K, PAUSES, numberOf } from '../../trace/format/kinds.ts';
import type { Recorder } from '../../recorder/recorder.ts';
import type { FileReport, OnFile } from './loader/options.ts';

const INSTRUMENT = numberOf(PAUSES, 'instrument');
const SEEN = numberOf(AGENT_NEWS, 'seen');
const UNSEEN = numberOf(AGENT_NEWS, 'unseen');
/** Shorter work of ours is not told: a cached file takes about as long. */
const LEAST_NS = 1_000_000n;
const MOST_UNSEEN = 100;

export class LoaderNews {
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
    if (toNs - fromNs < LEAST_NS) return;
    this.recorder.writeAt(fromNs, K.pause, INSTRUMENT, 0, 0, 0, 0, 0);
    this.recorder.writeAt(toNs, K.resume, INSTRUMENT, 0, 0, 0, 0, 0);
  }

  /** Says what was seen so far, unless that was said already. */
  say(): void {
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
    this.recorder.write(K.agent, SEEN, 0, this.recorder.text(words), 0, 1, 0);
  }

  private unseen({ path, why }: FileReport): void {
    if (++this.refused > MOST_UNSEEN) return;
    const words = `${path} could not be instrumented: ${why}`;
    this.recorder.write(K.agent, UNSEEN, 0, this.recorder.text(words), 0, 1, 0);
  }
}
