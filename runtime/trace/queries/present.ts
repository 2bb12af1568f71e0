/** The present as a moment: what each task did when the newest record was written. */
import type { DoneNow, MomentView } from '../messages/moment.ts';
import { State } from '../model/state.ts';
import type { Trace } from '../model/trace.ts';
import type { ResourcesNow } from '../summaries/resources-now.ts';
import { momentView, type RowNow } from './moment-view.ts';

const DONE_NOW: Readonly<Record<number, DoneNow>> = {
  [State.run]: 'run',
  [State.ready]: 'ready',
  [State.wait]: 'wait',
  [State.paused]: 'paused',
};

export function presentView(trace: Trace, resources: ResourcesNow): MomentView {
  return momentView({
    trace,
    timeNs: trace.endNs,
    living: livingRows(trace),
    rowNow: (row) => rowNow(trace, row),
    holdersOf: (resource) => resources.holdersOf(resource),
    hasGot: (resource, row, sinceNs) => resources.heldSince(resource, row) > sinceNs,
    levelOf: (resource) => resources.levelOf(resource),
  });
}

function* livingRows({ tasks }: Trace): Iterable<number> {
  for (let row = 0; row < tasks.count; row++)
    if (tasks.frameOf[row]! < 0 && DONE_NOW[tasks.rowState[row]!] !== undefined) yield row;
}

function rowNow({ tasks }: Trace, row: number): RowNow {
  const leaf = tasks.leaf[row]!;
  const state = DONE_NOW[tasks.rowState[row]!] ?? 'run';
  const isWaiting = state === 'wait';
  return {
    state,
    sinceNs: tasks.rowSinceNs[row]!,
    site: tasks.waitSite[leaf]! >= 0 ? tasks.waitSite[leaf]! : tasks.site[leaf]!,
    frame: leaf,
    target: isWaiting ? tasks.target[leaf]! : 0,
    reason: isWaiting ? tasks.reason[leaf]! : 0,
  };
}
