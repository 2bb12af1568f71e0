/**
 * The critical path of the run, or of what is selected, as the picture and the lists need it. It is
 * followed once for a state of the trace, and then cut to what is asked for.
 */
import { criticalPath } from '../../../runtime/trace/graph/critical-path.ts';
import { lifeOf, wholeRun, type RowInterval } from '../../../runtime/trace/graph/end-of-run.ts';
import { LinkedAnswers } from '../../../runtime/trace/graph/linked-answers.ts';
import type { Piece } from '../../../runtime/trace/graph/piece.ts';
import type { Interval } from '../../../runtime/trace/model/spans.ts';
import type { Selected, Session } from './session.ts';

/** Pieces that are followed while the program runs, and when it is over. */
const MAX_LIVE_PIECES = 2000;
const MAX_PIECES = 50_000;

export interface RunPath {
  /** In the order of time. */
  readonly pieces: readonly Piece[];
  /** Of the run, or of the selected wait or task. */
  readonly of: 'run' | 'wait' | 'task';
}

export class RunPaths {
  readonly #session: Session;
  #kept: { readonly version: string; readonly path: RunPath } | null = null;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Of the selected span if it is a wait, of the life of a selected task, else of the run. */
  of(selected: Selected | null): RunPath {
    const { trace } = this.#session;
    const task = selected?.kind === 'task' ? selected : null;
    const version = `${trace.events} ${trace.isOver} ${task?.row} ${task?.index}`;
    if (this.#kept?.version === version) return this.#kept.path;
    const path = this.#follow(task);
    this.#kept = { version, path };
    return path;
  }

  #follow(task: Selected | null): RunPath {
    const session = this.#session;
    const { trace, columns: spans } = session;
    const span = task && session.spanOf(task);
    const whole: RowInterval | null =
      task === null
        ? wholeRun(trace)
        : span !== null && span.endNs !== span.startNs
          ? { row: task.row, fromNs: span.startNs, toNs: session.endNsOf(task, span) }
          : lifeOf(trace, task.row);
    const of = task === null ? 'run' : span === null ? 'task' : 'wait';
    if (whole === null) return { pieces: [], of };
    const source = { trace, spans, answers: new LinkedAnswers(trace) };
    const max = session.ended ? MAX_PIECES : MAX_LIVE_PIECES;
    return { pieces: criticalPath(source, whole.row, whole, max), of };
  }
}

/** What of the pieces lies within an interval. */
export function cutPieces(pieces: readonly Piece[], { fromNs, toNs }: Interval): Piece[] {
  return pieces
    .filter((piece) => piece.fromNs < toNs && piece.toNs > fromNs)
    .map((piece) => ({
      ...piece,
      fromNs: Math.max(piece.fromNs, fromNs),
      toNs: Math.min(piece.toNs, toNs),
    }));
}
