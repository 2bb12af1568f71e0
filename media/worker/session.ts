/**
 * One opened recording: its fold, its columns, its tree, and what of it is selected. Everything is forgotten at
 * once when another is opened.
 */
import { Columns } from '../../runtime/trace/columns/columns.ts';
import type { LevelTrack } from '../../runtime/trace/columns/levels.ts';
import type { Span } from '../../runtime/trace/columns/tracks.ts';
import { Fold } from '../../runtime/trace/fold/fold.ts';
import { Trace } from '../../runtime/trace/model/trace.ts';
import { ACTIVATION_KINDS } from '../../runtime/trace/format/kinds.ts';
import { startRules, type RulesRun } from '../../runtime/trace/findings/registry.ts';
import type { Finding } from '../../runtime/trace/findings/finding.ts';
import { WaitSums } from '../../runtime/trace/summaries/wait-sums.ts';
import { type Row, Rows } from './rows.ts';

/** A span of a row or of a lane; `index` −1: the row itself. */
export interface Selected {
  readonly kind: 'task' | 'lane' | 'resource' | 'process' | 'ended';
  readonly row: number;
  readonly index: number;
  readonly key: string;
}

/** Of the time before the second task began: the main body ran less than this part of it. */
const LOADED = 1 / 4;

export class Session {
  readonly opening: number;
  readonly live: boolean;
  readonly columns: Columns;
  readonly fold: Fold;
  readonly rows: Rows;
  readonly sums: WaitSums;
  selected: Selected | null = null;
  /** As of the last `lookForFindings`. */
  findings: readonly Finding[] = [];
  /** Index of the finding that a key went to last. */
  findingShown = -1;
  marks: number[] = [];
  readonly #rules: RulesRun;
  #rowsGeneration = -1;
  #rowPx = 0;

  constructor(opening: number, live: boolean) {
    this.opening = opening;
    this.live = live;
    const trace = new Trace();
    this.columns = new Columns(trace);
    this.sums = new WaitSums(trace);
    this.#rules = startRules(trace);
    this.fold = new Fold([this.columns, this.sums, ...this.#rules.observers], trace);
    this.rows = new Rows(this.fold.trace, this.columns);
  }

  /** When the program began to do something: the main body that mostly stood still until the next task began was being loaded. */
  get firstNs(): number {
    const { beganNs, kind, runNs, count } = this.trace.tasks;
    if (count === 0) return 0;
    const [main, next] = [beganNs[0]!, beganNs[1]!];
    const isLoading =
      count > 1 && ACTIVATION_KINDS[kind[0]!] === 'main' && runNs[0]! < (next - main) * LOADED;
    return isLoading ? next : main;
  }

  get trace(): Fold['trace'] {
    return this.fold.trace;
  }

  /** Nothing more will come. */
  get ended(): boolean {
    return this.trace.isOver;
  }

  end(): void {
    this.fold.end();
  }

  /** Some rules look at every task: not for each frame. */
  lookForFindings(): void {
    this.findings = this.#rules.findings();
  }

  take(part: number, records: Uint8Array): void {
    this.fold.feed(part, records);
  }

  /** Brings the tree up to date; true when it changed. */
  arrange(rowPx: number, force: boolean): boolean {
    if (!force && this.columns.generation === this.#rowsGeneration && rowPx === this.#rowPx) return false;
    this.#rowsGeneration = this.columns.generation;
    this.#rowPx = rowPx;
    this.rows.rebuild(rowPx);
    return true;
  }

  get rowsAreStale(): boolean {
    return this.columns.generation !== this.#rowsGeneration;
  }

  /** Of a queue's, a lock's or a pool's row. */
  levelsOf(row: Row): LevelTrack | undefined {
    return row.kind === 'resource' ? this.columns.levels[row.index] : undefined;
  }

  span(s: Selected | null = this.selected): Span | null {
    if (!s || s.index < 0) return null;
    if (s.kind === 'task' && s.index < this.columns.rows.count(s.row))
      return this.columns.rows.span(s.row, s.index);
    if (s.kind === 'lane' && s.index < this.columns.lanes.count(s.row))
      return this.columns.lanes.span(s.row, s.index);
    return null;
  }
}
