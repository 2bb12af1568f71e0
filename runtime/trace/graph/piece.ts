/**
 * A path through a run: pieces that follow one another without a gap, each of them one thing that
 * the program did or waited for. Whatever is said of where the time went is said of pieces.
 */
import type { Interval } from '../model/spans.ts';
import type { Target } from '../model/state.ts';

/**
 * `run`: the thread executed `task`. `ready`: the row could have run, and another had the thread.
 * `wait`: it waited for the world outside, or for something of which no record tells who works for
 * it. `paused`: the thread was stopped from outside. `idle`: the row had ended, or had not begun,
 * and no record tells what came before. `unread`: the path was too long to be followed further.
 */
export type PieceKind = 'run' | 'ready' | 'wait' | 'paused' | 'idle' | 'unread';

export interface Piece extends Interval {
  readonly kind: PieceKind;
  /** The row that speaks for it. */
  readonly row: number;
  /** What executed; of other kinds the row. */
  readonly task: number;
  /**
   * Of a wait and of a ready row the await; of a run the line that was seen at work, the await from
   * which it came back, or else where the function begins. −1: not recorded.
   */
  readonly site: number;
  /** Of a wait: index in REASONS; of a pause: in PAUSES; else 0. */
  readonly reason: number;
  /** Of a wait: what it was for, as far as that is known. */
  readonly target: Target;
  /** Of a run: what the line had called and waited for: "RegExp.test". Absent: it worked itself. */
  readonly callee?: string;
  /** When the span of the row began in which the piece lies: its record proves the piece. */
  readonly spanNs: number;
}

export const pieceNs = ({ fromNs, toNs }: Interval): number => toNs - fromNs;
