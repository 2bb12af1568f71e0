/** The visible rows of the tree as the page shows them: name, glyph, and the shares of the visible range. */
import { Class } from '../../runtime/trace/columns/classes.ts';
import { cover } from '../../runtime/trace/columns/cover.ts';
import { State } from '../../runtime/trace/model/state.ts';
import { isOver } from '../../runtime/trace/model/times-so-far.ts';
import type { TreeRow } from '../messages.ts';
import type { Row } from './rows.ts';
import { treeName } from './tree-name.ts';
import type { Session } from './session.ts';
import type { View } from './view.ts';

const shares = new Float32Array(8);

export function treeRows(
  session: Session,
  view: View,
  topPx: number,
  heightPx: number,
  current: string | null,
): TreeRow[] {
  const { list } = session.rows;
  const out: TreeRow[] = [];
  for (let i = Math.max(0, session.rows.at(topPx)); i < list.length; i++) {
    const row = list[i]!;
    if (row.y >= topPx + heightPx) break;
    out.push(treeRow(session, view, row, row.key === current));
  }
  return out;
}

function treeRow(session: Session, view: View, row: Row, current: boolean): TreeRow {
  const { trace, columns } = session;
  shares.fill(0);
  // The whole view as one pixel.
  const scale = { startNs: view.startNs, nsPerPixel: Math.max(1, view.endNs - view.startNs) };
  if (row.kind === 'task') cover(columns.rows, row.index, scale, 0, 1, trace.endNs, shares, Class.idle, 0);
  else if (row.kind === 'lane')
    cover(columns.lanes, row.index, scale, 0, 1, trace.endNs, shares, Class.none, 0);
  return {
    key: row.key,
    kind: row.kind,
    depth: row.depth,
    y: row.y,
    height: row.height,
    ...treeName(session, row),
    over: row.kind === 'task' && isOver(trace, row.index),
    state: stateOf(session, row),
    expanded: row.expanded,
    run: shares[0]!,
    ready: shares[1]!,
    blocked: shares[2]!,
    idle: shares[3]!,
    current,
    level: row.depth + 1,
  };
}

function stateOf(session: Session, row: Row): TreeRow['state'] {
  const { tasks, lanes, processes } = session.trace;
  switch (row.kind) {
    case 'task': {
      const state = tasks.rowState[row.index]!;
      if (state === State.run || state === State.paused) return 'run';
      if (state === State.ready) return 'ready';
      if (state === State.wait) return 'wait';
      if (state !== State.ended) return 'unborn';
      return tasks.outcome[row.index] === 2 ? 'error' : tasks.outcome[row.index] === 3 ? 'cancelled' : 'ok';
    }
    case 'lane':
      if (lanes[row.index]!.endNs !== null) return 'ok';
      return lanes[row.index]!.stack.length > 0 && !session.ended ? 'run' : 'none';
    case 'process': {
      const process = processes[row.index]!;
      return process.endNs === null ? 'none' : process.exitCode === 0 ? 'ok' : 'error';
    }
    case 'ended':
      return 'ok';
    case 'resource':
      return 'none';
  }
}
