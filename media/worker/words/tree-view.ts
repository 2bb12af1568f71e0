/** The visible rows of the tree as the page shows them: name, state, shares of time. */
import { Class } from '../../../runtime/trace/columns/classes.ts';
import { cover, COVER_SHARES } from '../../../runtime/trace/columns/cover.ts';
import { OUTCOME } from '../../../runtime/trace/format/kinds.ts';
import { State } from '../../../runtime/trace/model/state.ts';
import { isOver } from '../../../runtime/trace/model/times-so-far.ts';
import type { TreeRow, TreeRowState } from '../../messages.ts';
import type { Row } from '../session/row-tree.ts';
import { treeName } from './tree-name.ts';
import type { Session } from '../session/session.ts';
import type { View } from '../session/view.ts';

/** Reused for all rows: one pixel, and one more, which `cover` writes to. */
const shares = new Float32Array(2 * COVER_SHARES);

export function treeRows(
  session: Session,
  view: View,
  topPx: number,
  heightPx: number,
  currentRowKey: string | null,
): TreeRow[] {
  const { list } = session.tree;
  const visible: TreeRow[] = [];
  for (let i = Math.max(0, session.tree.indexAt(topPx)); i < list.length; i++) {
    const row = list[i]!;
    if (row.y >= topPx + heightPx) break;
    visible.push(treeRow(session, view, row, row.key === currentRowKey));
  }
  return visible;
}

function treeRow(session: Session, view: View, row: Row, isCurrent: boolean): TreeRow {
  const { trace, columns } = session;
  shares.fill(0);
  // The whole view as one pixel.
  const scale = { startNs: view.startNs, nsPerPixel: Math.max(1, view.endNs - view.startNs) };
  if (row.kind === 'task')
    cover(columns.rows, row.index, scale, 0, 1, columns.rowUntilNs(row.index), shares, Class.idle, 0);
  else if (row.kind === 'lane')
    cover(columns.lanes, row.index, scale, 0, 1, columns.laneUntilNs(row.index), shares, Class.none, 0);
  return {
    key: row.key,
    kind: row.kind,
    depth: row.depth,
    y: row.y,
    height: row.height,
    ...treeName(session, row),
    isOver: row.kind === 'task' && isOver(trace, row.index),
    state: rowState(session, row),
    expanded: row.expanded,
    run: roundedShare(shares[0]!),
    ready: roundedShare(shares[1]!),
    blocked: roundedShare(shares[2]!),
    idle: roundedShare(shares[3]!),
    isCurrent,
  };
}

/** As the page tells it. Each figure that changes is a layout of the page. */
function roundedShare(share: number): number {
  return share < 0.1 ? Math.round(share * 1000) / 1000 : Math.round(share * 100) / 100;
}

function rowState(session: Session, row: Row): TreeRowState {
  const { tasks, lanes, processes } = session.trace;
  switch (row.kind) {
    case 'task': {
      const state = tasks.rowState[row.index]!;
      if (state === State.run || state === State.paused) return 'run';
      if (state === State.ready) return 'ready';
      if (state === State.wait) return 'wait';
      if (state !== State.ended) return 'not-started';
      const outcome = tasks.outcome[row.index];
      if (outcome === OUTCOME.error) return 'error';
      return outcome === OUTCOME.cancelled ? 'cancelled' : 'ok';
    }
    case 'lane':
      if (lanes[row.index]!.endNs !== null) return 'ok';
      return lanes[row.index]!.top >= 0 && !session.ended ? 'run' : 'none';
    case 'process': {
      const process = processes[row.index]!;
      return process.endNs === null ? 'none' : process.exitCode === 0 ? 'ok' : 'error';
    }
    case 'ended': {
      const members = session.tree.foldMembers(row.key);
      return members.every((task) => tasks.rowState[task] === State.ended) ? 'ok' : 'none';
    }
    case 'resource':
      return 'none';
  }
}
