/** The figures of a whole trace that a summary needs: switches, waiting time and how much of it is explained, the longest wait. */
import type { Wait } from '../words/wait.ts';
import type { Observer, StateNumber } from './observer.ts';
import { State } from './observer.ts';
import type { Trace } from './trace.ts';

export class Totals implements Observer {
  rows = 0;
  /** How often a row got the lane. */
  switches = 0;
  waits = 0;
  waitNs = 0;
  /** Waiting time whose waker is known: a task, or something named outside the program. */
  explainedNs = 0;
  /** Waiting time whose resource is known by name. */
  namedNs = 0;
  longest: Wait | null = null;

  began(): void {
    this.rows++;
  }

  absorbed(): void {
    this.rows--;
  }

  changed(_row: number, _t: number, state: StateNumber): void {
    if (state === State.run) this.switches++;
  }

  waited(
    row: number,
    _task: number,
    startNs: number,
    endNs: number,
    reason: number,
    target: number,
    site: number,
    waker: number,
  ): void {
    const ns = Math.max(0, endNs - startNs);
    this.waits++;
    this.waitNs += ns;
    if (waker >= 0 || target < 0) this.explainedNs += ns;
    if (target !== 0) this.namedNs += ns;
    const longest = this.longest;
    if (!longest || ns > longest.endNs! - longest.startNs) {
      this.longest = { row, startNs, endNs, reason, target, site, waker };
    }
  }
}

/** Sum of what the rows did, as of the trace's end. Lanes overlap, so this may exceed its length. */
export function rowSums(trace: Trace): { runNs: number; readyNs: number; waitNs: number } {
  const { tasks } = trace;
  const sums = { runNs: 0, readyNs: 0, waitNs: 0 };
  for (let i = 0; i < tasks.count; i++) {
    if (tasks.frameOf[i]! >= 0) continue;
    const open = Math.max(0, trace.endNs - tasks.rowSinceNs[i]!);
    const state = tasks.rowState[i];
    sums.runNs += tasks.runNs[i]! + (state === State.run ? open : 0);
    sums.readyNs += tasks.readyNs[i]! + (state === State.ready ? open : 0);
    sums.waitNs += tasks.waitNs[i]! + (state === State.wait ? open : 0);
  }
  return sums;
}
