/** What the picture says, for those who cannot see it: every task with its times, sortable. */
import type { TableSort } from '../messages.ts';
import { askTable, toWorker } from './panel-link.ts';
import { table, tableSort } from './state.ts';

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
const TEXTS: ReadonlySet<TableSort> = new Set(['name', 'outcome', 'finding']);
const ms = (ns: number): string => `${(ns / 1e6).toLocaleString('en', { maximumFractionDigits: 3 })}`;

export function Table() {
  const { rows, total } = table.value;
  const { by, descending } = tableSort.value;
  const sort = (column: TableSort) => {
    tableSort.value = {
      by: column,
      descending: by === column ? !descending : column !== 'name' && column !== 'began',
    };
    askTable();
  };
  return (
    <table>
      <caption class="muted">
        {total.toLocaleString('en')} tasks, times in milliseconds
        {total > rows.length ? `; the first ${rows.length.toLocaleString('en')} in this order` : ''}
      </caption>
      <thead>
        <tr>
          {COLUMNS.map(([column, label]) => (
            <th
              key={column}
              scope="col"
              aria-sort={by === column ? (descending ? 'descending' : 'ascending') : 'none'}
              class={TEXTS.has(column) ? '' : 'number'}
            >
              <button type="button" onClick={() => sort(column)}>
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
                onClick={() => toWorker({ type: 'follow-link', to: { task: row.task } })}
              >
                {row.name}
              </button>{' '}
              <span class="muted">{row.where}</span>
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
