/**
 * The tasks as a table: it says what the picture shows, for those who read or copy. It is sorted
 * here, and at most a thousand rows are sent to the page.
 */
import { isCutOff, lossAfter } from '../../../runtime/trace/model/known-until.ts';
import { STATE_NAMES, State } from '../../../runtime/trace/model/state.ts';
import { ACTIVATION_KINDS, OUTCOMES } from '../../../runtime/trace/format/kinds.ts';
import { isOver, timesSoFar } from '../../../runtime/trace/model/times-so-far.ts';
import { displayPlace } from '../../../runtime/trace/model/display-path.ts';
import { outcomeWord } from '../../../runtime/trace/words/outcome.ts';
import { plain } from '../../../runtime/trace/words/sentence.ts';
import type { TableRow, TableSort } from '../../messages.ts';
import type { Session } from '../session/session.ts';

export const MAX_TABLE_ROWS = 1000;

/** The most severe finding about a task. */
interface WorstFinding {
  /** 0: the most severe of all. */
  readonly rank: number;
  readonly words: string;
}

export interface TaskTable {
  readonly rows: readonly TableRow[];
  /** How many tasks there are. */
  readonly total: number;
}

export function taskTable(session: Session, sort: TableSort, descending: boolean): TaskTable {
  const { tasks } = session.trace;
  const findings = worstFindings(session);
  const keyOf = sortKeys(session, findings)[sort];
  const sorted: { row: number; key: number | string }[] = [];
  for (let row = 0; row < tasks.count; row++)
    if (tasks.frameOf[row]! < 0) sorted.push({ row, key: keyOf(row) });
  const sign = descending ? -1 : 1;
  sorted.sort((a, b) => (a.key < b.key ? -sign : a.key > b.key ? sign : a.row - b.row));
  const rows = sorted.slice(0, MAX_TABLE_ROWS).map(({ row }) => tableRow(session, row, findings.get(row)));
  return { rows, total: sorted.length };
}

function sortKeys(
  { trace }: Session,
  findings: ReadonlyMap<number, WorstFinding>,
): Readonly<Record<TableSort, (row: number) => number | string>> {
  const { tasks } = trace;
  return {
    name: (row) => trace.labelOf(row),
    began: (row) => tasks.beganNs[row]!,
    lived: (row) => timesSoFar(trace, row).livedNs,
    run: (row) => timesSoFar(trace, row).runNs,
    ready: (row) => timesSoFar(trace, row).readyNs,
    wait: (row) => timesSoFar(trace, row).waitNs,
    // By state, then by outcome. There are fewer than 8 outcomes.
    outcome: (row) => tasks.rowState[row]! * 8 + tasks.outcome[row]!,
    // The most severe finding is the greatest; no finding is the least.
    finding: (row) => -(findings.get(row)?.rank ?? Number.POSITIVE_INFINITY),
  };
}

function tableRow({ trace, firstNs }: Session, row: number, finding: WorstFinding | undefined): TableRow {
  const { tasks } = trace;
  const site = trace.sites[tasks.site[row]!];
  const isEnded = tasks.state[row] === State.ended;
  const stateName = STATE_NAMES[tasks.rowState[row]!] ?? '';
  return {
    task: row,
    name: trace.labelOf(row),
    place: site ? displayPlace(site) : '',
    state: isEnded
      ? outcomeWord(ACTIVATION_KINDS[tasks.kind[row]!] ?? '', OUTCOMES[tasks.outcome[row]!] || 'ended')
      : lossAfter(trace, row) !== null || isCutOff(trace, row)
        ? 'unknown'
        : `${stateName}${isOver(trace, row) ? ' at the end' : ''}`,
    beganNs: tasks.beganNs[row]! - firstNs,
    ...timesSoFar(trace, row),
    finding: finding?.words ?? '',
  };
}

function worstFindings({ findings }: Session): Map<number, WorstFinding> {
  const worst = new Map<number, WorstFinding>();
  findings.forEach(({ severity, words, tasks }, rank) => {
    for (const task of tasks)
      if (!worst.has(task)) worst.set(task, { rank, words: `${severity}: ${plain(words)}` });
  });
  return worst;
}
