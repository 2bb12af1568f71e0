/** The tasks as a table: what the picture says, for those who read or copy. Sorted here; at most a thousand rows travel. */
import { STATE_NAMES, State } from '../../runtime/trace/model/state.ts';
import { displayPlace } from '../../runtime/trace/model/display-path.ts';
import { OUTCOMES } from '../../runtime/trace/format/kinds.ts';
import { plain } from '../../runtime/trace/words/sentence.ts';
import { isOver, timesSoFar } from '../../runtime/trace/model/times-so-far.ts';
import type { TableRow, TableSort } from '../messages.ts';
import type { Session } from './session.ts';

export const MAX_TABLE_ROWS = 1000;

export function tableOf(
  session: Session,
  sort: TableSort,
  descending: boolean,
): { rows: TableRow[]; total: number } {
  const { trace } = session;
  const { tasks } = trace;
  const times = (row: number) => timesSoFar(trace, row);
  const found = gravestByTask(session);
  const keys: Readonly<Record<TableSort, (row: number) => number | string>> = {
    name: (row) => trace.labelOf(row),
    began: (row) => tasks.beganNs[row]!,
    lived: (row) => times(row).livedNs,
    run: (row) => times(row).runNs,
    ready: (row) => times(row).readyNs,
    wait: (row) => times(row).waitNs,
    outcome: (row) => tasks.rowState[row]! * 8 + tasks.outcome[row]!,
    // Findings come the gravest first; none is the least.
    finding: (row) => -(found.get(row)?.rank ?? Number.POSITIVE_INFINITY),
  };
  const key = keys[sort];
  const all: { row: number; key: number | string }[] = [];
  for (let row = 0; row < tasks.count; row++) if (tasks.frameOf[row]! < 0) all.push({ row, key: key(row) });
  const sign = descending ? -1 : 1;
  all.sort((a, b) => (a.key < b.key ? -sign : a.key > b.key ? sign : a.row - b.row));
  return {
    total: all.length,
    rows: all.slice(0, MAX_TABLE_ROWS).map(({ row }) => {
      const site = trace.sites[tasks.site[row]!];
      return {
        task: row,
        name: trace.labelOf(row),
        where: site ? displayPlace(site) : '',
        state:
          tasks.state[row] === State.ended
            ? OUTCOMES[tasks.outcome[row]!] || 'ended'
            : `${STATE_NAMES[tasks.rowState[row]!] ?? ''}${isOver(trace, row) ? ' at the end' : ''}`,
        beganNs: tasks.beganNs[row]!,
        ...times(row),
        finding: found.get(row)?.words ?? '',
      };
    }),
  };
}

function gravestByTask({ findings }: Session): Map<number, { rank: number; words: string }> {
  const found = new Map<number, { rank: number; words: string }>();
  findings.forEach(({ severity, words, tasks }, rank) => {
    for (const task of tasks)
      if (!found.has(task)) found.set(task, { rank, words: `${severity}: ${plain(words)}` });
  });
  return found;
}
