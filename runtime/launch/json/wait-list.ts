/**
 * Keeps the waits that go into the JSON. Past the limit it keeps no wait but the longest of each
 * row, and counts the rest.
 */
import type { Observer } from '../../trace/fold/observer.ts';
import { keepWait } from '../../trace/model/keep-wait.ts';
import type { Trace } from '../../trace/model/trace.ts';
import type { EndedWait, Wait } from '../../trace/model/wait.ts';

/** So many are put before a list in one call. */
const MAX_PUT_BEFORE = 64;

/** The waits of one row. */
export interface RowWaits {
  count: number;
  longest: Wait;
  kept: Wait[];
}

export class WaitList implements Observer {
  readonly byRow = new Map<number, RowWaits>();
  /** Waits that were kept, over all rows. */
  kept = 0;
  /** Waits past the limit. */
  skipped = 0;
  readonly #trace: Trace;
  readonly #limit: number;

  constructor(trace: Trace, limit: number) {
    this.#trace = trace;
    this.#limit = limit;
  }

  waitEnded(ended: EndedWait): void {
    const { row, startNs, endNs } = ended;
    const rowWaits = this.byRow.get(row);
    const isLongest = !rowWaits || endNs - startNs > lengthNs(rowWaits.longest);
    const isKept = this.kept < this.#limit;
    if (rowWaits) rowWaits.count++;
    if (isKept) this.kept++;
    else this.skipped++;
    if (!isLongest && !isKept) return;
    const wait = keepWait(this.#trace, ended);
    if (!rowWaits) this.byRow.set(row, { count: 1, longest: wait, kept: isKept ? [wait] : [] });
    else {
      if (isLongest) rowWaits.longest = wait;
      if (isKept) rowWaits.kept.push(wait);
    }
  }

  /** The task turned out to be a frame of its caller: its waits are those of the caller's row. */
  taskAbsorbed(task: number, into: number): void {
    const frameWaits = this.byRow.get(task);
    if (!frameWaits || task === into) return;
    this.byRow.delete(task);
    const callerWaits = this.byRow.get(into);
    if (!callerWaits) this.byRow.set(into, frameWaits);
    else {
      callerWaits.count += frameWaits.count;
      callerWaits.kept = joinLists(callerWaits.kept, frameWaits.kept);
      if (lengthNs(frameWaits.longest) > lengthNs(callerWaits.longest))
        callerWaits.longest = frameWaits.longest;
    }
  }
}

/** A frame's list is mostly the longer one: then the caller's few are put before it. */
function joinLists(first: Wait[], second: Wait[]): Wait[] {
  if (first.length < MAX_PUT_BEFORE) {
    second.unshift(...first);
    return second;
  }
  // One by one: a call takes only so many arguments.
  for (const wait of second) first.push(wait);
  return first;
}

const lengthNs = (wait: Wait): number => wait.endNs! - wait.startNs;
