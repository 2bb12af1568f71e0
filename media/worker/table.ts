/** The tasks as a table: what the picture says, for those who read or copy. Sorted here; at most a thousand rows travel. */
import { STATE_NAMES, State } from '../../runtime/trace/fold/observer.ts';
import { OUTCOMES } from '../../runtime/trace/format/kinds.ts';
import type { TableRow, TableSort } from '../messages.ts';
import type { Session } from './session.ts';

export const TABLE_MOST = 1000;

export function tableOf(
  session: Session,
  sort: TableSort,
  descending: boolean,
): { rows: TableRow[]; total: number } {
  const { trace } = session;
  const { tasks } = trace;
  const live = (row: number, ns: Float64Array, state: number): number =>
    ns[row]! + (tasks.rowState[row] === state ? Math.max(0, trace.endNs - tasks.rowSinceNs[row]!) : 0);
  const lived = (row: number): number =>
    (tasks.state[row] === State.ended ? tasks.endedNs[row]! : trace.endNs) - tasks.beganNs[row]!;
  const keys: Readonly<Record<TableSort, (row: number) => number | string>> = {
    name: (row) => trace.labelOf(row),
    began: (row) => tasks.beganNs[row]!,
    lived,
    run: (row) => live(row, tasks.runNs, State.run),
    ready: (row) => live(row, tasks.readyNs, State.ready),
    wait: (row) => live(row, tasks.waitNs, State.wait),
    outcome: (row) => tasks.rowState[row]! * 8 + tasks.outcome[row]!,
  };
  const key = keys[sort];
  const all: { row: number; key: number | string }[] = [];
  for (let row = 0; row < tasks.count; row++) if (tasks.frameOf[row]! < 0) all.push({ row, key: key(row) });
  const sign = descending ? -1 : 1;
  all.sort((a, b) => (a.key < b.key ? -sign : a.key > b.key ? sign : a.row - b.row));
  return {
    total: all.length,
    rows: all.slice(0, TABLE_MOST).map(({ row }) => {
      const site = trace.sites[tasks.site[row]!];
      return {
        task: row,
        name: trace.labelOf(row),
        where: site ? `${site.file.replace(/^.*[/\\]/, '')}:${site.line}` : '',
        state:
          tasks.state[row] === State.ended
            ? OUTCOMES[tasks.outcome[row]!] || 'ended'
            : (STATE_NAMES[tasks.rowState[row]!] ?? ''),
        beganNs: tasks.beganNs[row]!,
        livedNs: lived(row),
        runNs: live(row, tasks.runNs, State.run),
        readyNs: live(row, tasks.readyNs, State.ready),
        waitNs: live(row, tasks.waitNs, State.wait),
      };
    }),
  };
}
