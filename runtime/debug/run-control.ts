/**
 * Steps, runs and jumps through a recording, in both directions. At the end of a recording that
 * still grows, a run waits for more, until it is paused.
 */
import type { Breakpoints, Hit } from './breakpoints.ts';
import type { Replay, Stop, Way } from './replay.ts';
import { momentText } from './moment-text.ts';
import { describeStop, waitWords } from './stack.ts';

/** What the editor is told of a stop. */
export interface StopReport {
  /** As the protocol names it. */
  readonly reason: string;
  /** What the editor shows beside the task. */
  readonly description: string;
  readonly text: string;
  readonly row: number;
  readonly hit: Hit | null;
}

/** What the session waits for at the end of a recording that grows. */
type Waiting =
  | { readonly kind: 'run'; readonly from: number }
  | { readonly kind: 'step'; readonly reason: string; readonly find: () => Stop | null };

const BEGINNING = 'Beginning of the recording';
const END = 'End of the recording';
/** Looking for findings may take so many times what it took, and no more. */
const FINDINGS_SHARE = 10;

export class RunControl {
  readonly #replay: Replay;
  readonly #breakpoints: Breakpoints;
  readonly #log: (words: string) => void;
  readonly #nowMs: () => number;
  #waiting: Waiting | null = null;
  #findingsDueMs = 0;
  /** The findings that were there when a run came to the end. */
  #knownFindings: ReadonlySet<string> = new Set();

  /** @param log is given what log points say @param nowMs a monotonic clock */
  constructor(replay: Replay, breakpoints: Breakpoints, log: (words: string) => void, nowMs: () => number) {
    this.#replay = replay;
    this.#breakpoints = breakpoints;
    this.#log = log;
    this.#nowMs = nowMs;
  }

  get isWaiting(): boolean {
    return this.#waiting !== null;
  }

  goTo(stop: Stop | null, reason: string, otherwise: string = END): StopReport {
    this.#waiting = null;
    if (stop === null) return this.#stay(otherwise);
    this.#replay.goTo(stop);
    return this.#report(reason, null);
  }

  /** One step of a task; null: the recording has to grow first. */
  step(find: () => Stop | null, way: Way, reason = 'step'): StopReport | null {
    this.#waiting = null;
    const stop = find();
    if (stop !== null) return this.goTo(stop, reason);
    if (way === 'down') return this.#stay(BEGINNING);
    if (this.#replay.trace.isOver) return this.#stay(this.#noLaterStep());
    this.#waiting = { kind: 'step', reason, find };
    return null;
  }

  /** To the next breakpoint or finding; null: the recording has to grow first. */
  run(way: Way): StopReport | null {
    this.#waiting = null;
    const { timeline } = this.#replay;
    if (way === 'down') return this.#runDown();
    const found = this.#runUp(timeline.at + 1);
    if (found !== null) return found;
    if (this.#replay.trace.isOver) return this.#toEdge(this.#replay.lastStop(), END);
    this.#waitAtEnd();
    return null;
  }

  /** The recording has grown, or come to its end; null: nothing to stop at yet. */
  update(): StopReport | null {
    const waiting = this.#waiting;
    if (waiting === null) return null;
    if (waiting.kind === 'step') {
      const stop = waiting.find();
      if (stop !== null) return this.goTo(stop, waiting.reason);
      return this.#replay.trace.isOver ? this.#stay(this.#noLaterStep()) : null;
    }
    const found = this.#newFinding() ?? this.#runUp(Math.min(waiting.from, this.#replay.timeline.count));
    if (found !== null) return found;
    if (this.#replay.trace.isOver) return this.#toEdge(this.#replay.lastStop(), END);
    this.#waiting = { kind: 'run', from: this.#replay.timeline.count };
    return null;
  }

  /** Stops where the recording is now. */
  pause(): StopReport {
    const isRunning = this.#waiting?.kind === 'run';
    this.#waiting = null;
    const last = isRunning ? this.#replay.lastStop() : null;
    if (last !== null) this.#replay.goTo(last);
    return this.#report('pause', null);
  }

  #waitAtEnd(): void {
    const { timeline } = this.#replay;
    this.#knownFindings = new Set(this.#findingKeys().keys());
    this.#waiting = { kind: 'run', from: timeline.count };
  }

  #runUp(from: number): StopReport | null {
    const { timeline } = this.#replay;
    if (this.#breakpoints.isEmpty) return null;
    for (let place = from; place < timeline.count; place++) {
      const report = this.#stopAt(place);
      if (report !== null) return report;
    }
    return null;
  }

  #runDown(): StopReport {
    const { timeline } = this.#replay;
    if (!this.#breakpoints.isEmpty)
      for (let place = timeline.at - 1; place >= 0; place--) {
        const report = this.#stopAt(place);
        if (report !== null) return report;
      }
    return this.#toEdge(this.#replay.firstStop(), BEGINNING);
  }

  #stopAt(place: number): StopReport | null {
    const { timeline } = this.#replay;
    timeline.moveTo(place);
    const hit = this.#breakpoints.hitAt(timeline.step(place), place, this.#log);
    if (hit === null) return null;
    this.#waiting = null;
    this.#replay.goTo({ place, row: hit.finding?.row ?? timeline.rowAt(place) });
    return this.#report(hit.kind, hit);
  }

  /** A finding may begin before the records that prove it: it is gone back to. */
  #newFinding(): StopReport | null {
    if (this.#nowMs() < this.#findingsDueMs) return null;
    const startMs = this.#nowMs();
    const all = this.#findingKeys();
    this.#findingsDueMs = startMs + (this.#nowMs() - startMs) * FINDINGS_SHARE;
    const places = [...all].flatMap(([key, place]) => (this.#knownFindings.has(key) ? [] : [place]));
    this.#knownFindings = new Set(all.keys());
    for (const place of places) {
      const report = this.#stopAt(place);
      if (report !== null) return report;
    }
    return null;
  }

  #findingKeys(): Map<string, number> {
    const keys = new Map<string, number>();
    for (const [place, stops] of this.#breakpoints.findings())
      for (const { rule, row } of stops)
        keys.set(`${rule} ${row} ${this.#replay.timeline.step(place)}`, place);
    return keys;
  }

  /** "End of the recording: backwards waits for lock first and does not go on". */
  #noLaterStep(): string {
    const { trace, row } = this.#replay;
    const words = waitWords(this.#replay, row);
    return row < 0 || words === '' ? END : `${END}: ${trace.labelOf(row)} waits ${words} until then`;
  }

  #toEdge(stop: Stop | null, words: string): StopReport {
    this.#waiting = null;
    if (stop !== null) this.#replay.goTo(stop);
    return this.#stay(words);
  }

  #stay(words: string): StopReport {
    const { row } = this.#replay;
    return { reason: 'pause', description: words, text: words, row, hit: null };
  }

  #report(reason: string, hit: Hit | null): StopReport {
    const replay = this.#replay;
    const when = momentText(replay.t);
    const what =
      hit === null ? describeStop(replay) : (hit.finding?.words ?? `${hit.name}: ${describeStop(replay)}`);
    const description = `${hit?.finding === undefined ? describeStop(replay) : hit.finding.rule}, ${when}`;
    return { reason, description, text: what, row: replay.row, hit };
  }
}
