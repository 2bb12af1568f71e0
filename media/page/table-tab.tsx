/**
 * The *Table* tab: every task with its times, sortable. It says what the picture shows, for those
 * who cannot see it.
 */
import { useSignalEffect } from '@preact/signals';
import type { TableSort } from '../messages.ts';
import { requestTable, sendToWorker } from './panel-link.ts';
import { summary, table, tableSort } from './state.ts';
import { grouped } from '../../runtime/trace/format/grouped.ts';

const COLUMNS: readonly (readonly [TableSort, string])[] = [
  ['name', 'Task'],
  ['outcome', 'State'],
  ['began', 'Began'],
  ['lived', 'Lived'],
  ['run', 'Ran'],
  ['ready', 'Ready'],
  ['wait', 'Waited'],
  ['finding', 'Finding'],
];
/** Columns of text, aligned to the left; all others are numbers. */
const TEXT_COLUMNS: ReadonlySet<TableSort> = new Set(['name', 'outcome', 'finding']);
const ms = (ns: number): string => `${(ns / 1e6).toLocaleString('en', { maximumFractionDigits: 3 })}`;

export function TableTab() {
  // When the tab opens, when the trace has changed, and when another order is asked for.
  useSignalEffect(() => {
    void summary.value;
    requestTable();
  });
  const { rows, total } = table.value;
  const { by, descending } = tableSort.value;
  // Figures come the greatest first, names and times of begin the least.
  const sortBy = (column: TableSort) => {
    const otherwise = column !== 'name' && column !== 'began';
    tableSort.value = { by: column, descending: by === column ? !descending : otherwise };
  };
  return (
    <table class="tasks">
      <caption class="muted">
        {grouped(total)} tasks, times in milliseconds
        {total > rows.length ? `; the first ${grouped(rows.length)} in this order` : ''}
      </caption>
      <thead>
        <tr>
          {COLUMNS.map(([column, label]) => (
            <th
              key={column}
              scope="col"
              aria-sort={by === column ? (descending ? 'descending' : 'ascending') : 'none'}
              class={TEXT_COLUMNS.has(column) ? '' : 'number'}
            >
              <button type="button" onClick={() => sortBy(column)}>
                {label}
                {by === column ? (descending ? ' ↓' : ' ↑') : ''}
              </button>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.task}>
            <td>
              <button
                type="button"
                class="link"
                onClick={() => sendToWorker({ type: 'followLink', target: { task: row.task } })}
              >
                {row.name}
              </button>{' '}
              <span class="muted">{row.place}</span>
            </td>
            <td>{row.state}</td>
            <td class="number">{ms(row.beganNs)}</td>
            <td class="number">{ms(row.livedNs)}</td>
            <td class="number">{ms(row.runNs)}</td>
            <td class="number">{ms(row.readyNs)}</td>
            <td class="number">{ms(row.waitNs)}</td>
            <td>{row.finding}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
