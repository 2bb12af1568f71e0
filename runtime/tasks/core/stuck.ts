/**
 * Who waits for whom, and waits that nothing can end. A task waits for futures; behind these stand
 * other tasks: one that is to end, or those that hold what it asks for.
 *
 *   task a ── waits for ─▶ lock y ── held by ─▶ task b ── waits for ─▶ lock x ── held by ─▶ task a
 */
import { type KeptLine, placeOf } from './kept-line.ts';
import type { Runner } from './runner.ts';
import { CANCEL_REQUESTED } from './task-flags.ts';

/** A task that somebody waits for. */
export interface Blocker {
  readonly task: WaitingTask;
  /** What it holds, as messages name it; null: its end is waited for. */
  readonly holds: string | null;
  /** Where it took that; null: not kept. */
  readonly line: KeptLine | null;
}

/** What a task waits for. Most futures know nothing of the optional members. */
export interface Blockable {
  readonly isDone: boolean;
  describe(): string;
  /** Whoever could end the wait, as far as that is known. */
  blockers?(): readonly Blocker[];
  /** One of these is enough; else all of them have to. */
  readonly needsOne?: boolean;
  /** Where the wait began; null: not kept. */
  readonly line?: KeptLine | null;
  /**
   * Something is lost when it never ends, also where nobody waits for the task: an item that stands
   * outside a full queue. A worker at an empty queue loses nothing.
   */
  readonly isLoss?: boolean;
  /** The wait fails at once. @returns false where it cannot. */
  refuse?(error: Error): boolean;
}

/** Whoever could end the wait for these, as far as that is known. */
export function blockersOf(futures: Iterable<Blockable>): Blocker[] {
  const blockers: Blocker[] = [];
  for (const future of futures) if (!future.isDone) blockers.push(...(future.blockers?.() ?? []));
  return blockers;
}

/** A task, as those who look for cycles know it. */
export interface WaitingTask extends Runner {
  readonly made: string | undefined;
  readonly isDone: boolean;
  /** What it waits for, as far as it is of this library. */
  waits(): readonly Blockable[];
  describe(): string;
}

/** One task of a cycle: it holds what the one before it waits for, and waits itself. */
export interface CycleLink {
  readonly blocker: Blocker;
  readonly wait: Blockable;
}

/** The cycle that the task's waits close; null: there is none. */
export function cycleOf(task: WaitingTask): readonly CycleLink[] | null {
  const links: CycleLink[] = [];
  const seen = new Set<WaitingTask>();
  const follow = (at: WaitingTask): boolean => {
    if (seen.has(at)) return false;
    seen.add(at);
    for (const wait of at.waits()) {
      const blockers = blockersOf([wait]);
      // Where one of several is enough, the others may still end the wait.
      if (blockers.length > 1 && wait.needsOne === true) continue;
      for (const blocker of blockers) {
        links.push({ blocker, wait });
        if (blocker.task === task || follow(blocker.task)) return true;
        links.pop();
      }
    }
    return false;
  };
  return follow(task) ? links : null;
}

/** In a sentence: `task "a" holds lock "x" (file:1:2) and waits for acquire() of …; task …`. */
export function describeCycle(links: readonly CycleLink[]): string {
  const parts = links.map(({ wait }, at) => {
    // Who waits here is who blocks the one before.
    const { blocker } = links.at(at - 1)!;
    const { task } = blocker;
    const holds = blocker.holds === null ? '' : ` holds ${blocker.holds}${placed(blocker.line, task)} and`;
    return `${task.describe()}${holds} waits for ${wait.describe()}${placed(wait.line ?? null, task)}`;
  });
  return parts.join('; ');
}

/** Of a task that was cancelled and goes on. */
export const UNINTERRUPTED = 'it stands at an await that nothing can interrupt (await until(promise) can be)';

/** What the task waits for, in a sentence. */
export function describeWaits(task: WaitingTask): string {
  const waits = task.waits();
  if (waits.length === 0) {
    const stands =
      task.flags & CANCEL_REQUESTED
        ? `was cancelled and has not ended: ${UNINTERRUPTED}`
        : 'waits for something that is not of this library';
    return `${task.describe()}${madeAt(task)} ${stands}`;
  }
  const said = waits.map((wait) => {
    const holders = blockersOf([wait]).filter(({ holds }) => holds !== null);
    const held = holders.map(({ task: holder, line }) => `${holder.describe()}${placed(line, holder)}`);
    return `${wait.describe()}${placed(wait.line ?? null, null)}${held.length === 0 ? '' : `, held by ${held.join(', ')}`}`;
  });
  return `${task.describe()}${madeAt(task)} waits for ${said.join(' and for ')}`;
}

/** @param task whose line stands in where that of the wait was not kept; null: none does. */
function placed(line: KeptLine | null, task: WaitingTask | null): string {
  const place = placeOf(line?.stack) ?? placeOf(task?.made);
  return place === undefined ? '' : ` (${place})`;
}

const madeAt = (task: WaitingTask): string => {
  const place = placeOf(task.made);
  return place === undefined ? '' : `, made at ${place},`;
};

/** What looks for a cycle when a wait begins; null: nobody does. */
export const cycleWatch: { check: ((task: WaitingTask) => void) | null } = { check: null };
