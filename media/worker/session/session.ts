/**
 * One opened trace: its fold, its columns, its tree, its findings. Opening another trace makes
 * another session, so nothing of the old one stays.
 */
import { Columns } from '../../../runtime/trace/columns/columns.ts';
import type { LevelTrack } from '../../../runtime/trace/columns/levels.ts';
import { QueueLevels, type QueueTracks } from '../../../runtime/trace/columns/queue-levels.ts';
import type { TrackSpan } from '../../../runtime/trace/columns/tracks.ts';
import { Fold } from '../../../runtime/trace/fold/fold.ts';
import { exceededBounds } from '../../../runtime/trace/model/budget.ts';
import { Trace } from '../../../runtime/trace/model/trace.ts';
import { ACTIVATION_KIND } from '../../../runtime/trace/format/kinds.ts';
import { startRules, type RulesRun } from '../../../runtime/trace/findings/registry.ts';
import type { Finding } from '../../../runtime/trace/findings/finding.ts';
import { HolderLog } from '../../../runtime/trace/graph/holder-log.ts';
import { WaitSums } from '../../../runtime/trace/summaries/wait-sums.ts';
import { alarmsOf, type Alarm } from './alarms.ts';
import { taskKey, type Row, RowTree } from './row-tree.ts';

/** A span of a row or of a lane. `index` −1: the row as a whole. */
export interface Selected {
  readonly kind: 'task' | 'lane' | 'resource' | 'process' | 'ended';
  readonly row: number;
  readonly index: number;
  readonly key: string;
}

/**
 * A main body that ran less than this share of the time before the second task began was being
 * loaded for the rest of it.
 */
const MAX_RUN_SHARE_WHILE_LOADING = 1 / 4;

const NO_SENTENCES: readonly string[] = [];

/** A span of a task's row, as a selection. */
export function taskSpan(row: number, index: number): Selected {
  return { kind: 'task', row, index, key: taskKey(row) };
}

export class Session {
  readonly opening: number;
  readonly live: boolean;
  readonly columns: Columns;
  readonly fold: Fold;
  readonly tree: RowTree;
  readonly waitSums: WaitSums;
  readonly holders: HolderLog;
  /** As of the last `updateFindings`; the most severe first. */
  findings: readonly Finding[] = [];
  /** What stands out in the picture, by row; as of the last `updateFindings`. */
  alarms: ReadonlyMap<number, Alarm> = new Map();
  /** Whom each row in a circle of waits waits for; as of the last `updateFindings`. */
  ringWaits: ReadonlyMap<number, readonly number[]> = new Map();
  /** Index of the finding that was shown last; −1: none yet. */
  shownFinding = -1;
  /** Times that the reader marked, in ns. */
  readonly marks: number[] = [];
  readonly #rules: RulesRun;
  readonly #queueLevels: QueueLevels;
  #drawnFindings = '[[],[]]';
  #rowsGeneration = -1;
  #rowPx = 0;

  constructor(opening: number, live: boolean) {
    this.opening = opening;
    this.live = live;
    const trace = new Trace();
    this.columns = new Columns(trace);
    this.waitSums = new WaitSums(trace);
    this.holders = new HolderLog(trace);
    this.#queueLevels = new QueueLevels(trace, () => performance.now());
    this.#rules = startRules(trace);
    this.fold = new Fold([this.columns, this.waitSums, this.holders, ...this.#rules.observers], trace);
    this.tree = new RowTree(this.fold.trace, this.columns);
  }

  /**
   * The program's first line: the zero of the times that are shown. Before it Node starts and files
   * are read. A body that only runs a module begins with the first module; a main body that mostly
   * stood still until the next task began was being loaded.
   */
  get firstNs(): number {
    const { beganNs, kind, runNs, count, parent } = this.trace.tasks;
    // Of the time before only what went on then is known.
    if (this.trace.kept !== null) return this.trace.kept.sinceNs;
    if (count === 0) return 0;
    const [main, next] = [beganNs[0]!, beganNs[1]!];
    if (count < 2 || kind[0] !== ACTIVATION_KIND.main) return main;
    if (kind[1] === ACTIVATION_KIND.module && parent[1] === 0) return next;
    return runNs[0]! < (next - main) * MAX_RUN_SHARE_WHILE_LOADING ? next : main;
  }

  get trace(): Fold['trace'] {
    return this.fold.trace;
  }

  /** No more records will come. */
  get ended(): boolean {
    return this.trace.isOver;
  }

  endTrace(): void {
    this.fold.end();
  }

  /**
   * Some rules look at every task, so this is not for each frame.
   * @returns whether the picture shows other findings or alarms than before
   */
  updateFindings(): boolean {
    const { trace, columns, holders } = this;
    this.findings = this.#rules.findings();
    const source = { trace, spans: columns, holders };
    this.alarms = alarmsOf(source, this.findings, (row) => this.tree.shownTask(row));
    const rings = this.findings.flatMap(({ ring = [] }) => ring);
    this.ringWaits = new Map(
      rings.map(({ row }) => [row, rings.filter((wait) => wait.row === row).map(({ to }) => to)]),
    );
    const drawn = JSON.stringify([[...this.alarms], this.findings.map(({ t, sinceNs }) => [t, sinceNs])]);
    const isChanged = drawn !== this.#drawnFindings;
    this.#drawnFindings = drawn;
    return isChanged;
  }

  /** @returns what of the trace was left out from here on, a sentence each */
  feed(part: number, records: Uint8Array): readonly string[] {
    const { exceeded } = this.trace;
    const before = exceeded.size;
    this.fold.feed(part, records);
    return exceeded.size === before ? NO_SENTENCES : exceededBounds(this.trace).slice(before);
  }

  /** Brings the tree up to date, if it is stale or `force` is set. */
  layOutRows(rowPx: number, force: boolean): void {
    if (!force && !this.rowsAreStale && rowPx === this.#rowPx) return;
    this.#rowsGeneration = this.columns.generation;
    this.#rowPx = rowPx;
    this.tree.rebuild(rowPx);
  }

  get rowsAreStale(): boolean {
    return this.columns.generation !== this.#rowsGeneration;
  }

  /** Of the row of a queue, a lock or a pool; undefined: it has no level. */
  levelTrackOf(row: Row): LevelTrack | undefined {
    if (row.kind !== 'resource') return undefined;
    return this.queueTracksOf(row.index)?.all ?? this.columns.levels[row.index];
  }

  /** How many jobs of a queue were in which state; null: it is no queue of jobs. */
  queueTracksOf(resource: number): QueueTracks | null {
    return this.trace.jobs.queueOf(resource) === resource ? this.#queueLevels.tracksOf(resource) : null;
  }

  /** When a span of a row or lane ends; up to now, as far as that is known, when it goes on. */
  endNsOf({ kind, row }: Selected, span: TrackSpan): number {
    if (span.endNs !== null) return span.endNs;
    return kind === 'lane' ? this.columns.laneUntilNs(row) : this.columns.rowUntilNs(row);
  }

  /** null: nothing is selected, or a row as a whole. */
  spanOf(selected: Selected | null): TrackSpan | null {
    if (!selected || selected.index < 0) return null;
    const { kind, row, index } = selected;
    const { rows, lanes } = this.columns;
    if (kind === 'task' && index < rows.count(row)) return rows.span(row, index);
    if (kind === 'lane' && index < lanes.count(row)) return lanes.span(row, index);
    return null;
  }
}
