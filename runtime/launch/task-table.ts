/** The tasks of a trace as a table of text: the most waited-for first line is a heading, widths follow the content. */
import { displayPlace } from '../trace/model/display-path.ts';
import { count, duration } from '../trace/words/duration.ts';
import { printable } from './printable.ts';
import type { TaskJson, TraceJson } from './trace-json.ts';

const COLUMNS: readonly (readonly [heading: string, cell: (task: TaskJson) => string, right: boolean])[] = [
  ['task', (task) => task.id, false],
  ['name', (task) => task.label, false],
  ['at', (task) => (task.site ? displayPlace(task.site) : ''), false],
  ['parent', (task) => task.parent ?? '', false],
  ['state', (task) => task.outcome ?? task.state, false],
  ['ran', (task) => duration(task.runNs), true],
  ['ready', (task) => duration(task.readyNs), true],
  ['waited', (task) => duration(task.waitNs), true],
  ['waits', (task) => String(task.waitCount), true],
  ['longest wait', longestWait, false],
];
const MAX_WIDTH = 48;

export function tableLines(json: TraceJson): string[] {
  const rows = json.tasks.map((task) => COLUMNS.map(([, cell]) => cut(printable(cell(task)))));
  const widths = COLUMNS.map(([heading], i) =>
    Math.max(heading.length, ...rows.map((row) => row[i]!.length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (COLUMNS[i]![2] ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd();
  const lines = [
    `${count(json.events, 'event')} in ${duration(json.durationNs)}, ${count(json.processes.length, 'process', 'processes')}, ` +
      `${count(json.tasks.length + json.truncated.tasks, 'task')}` +
      (json.lost > 0 ? `, ${count(json.lost, 'record')} lost` : ''),
    '',
    line(COLUMNS.map(([heading]) => heading)),
    ...rows.map(line),
  ];
  if (json.truncated.tasks > 0)
    lines.push(`… and ${count(json.truncated.tasks, 'more task')} (--limit N shows more)`);
  if (json.findings.length > 0) lines.push('');
  for (const finding of json.findings) lines.push(printable(`${finding.severity}: ${finding.words}`));
  return lines;
}

function longestWait({ longestWait: longest }: TaskJson): string {
  if (!longest) return '';
  const where = longest.site ? ` at ${displayPlace(longest.site)}` : '';
  // A promise is told by what was awaited: it has no name of its own.
  const awaited = longest.reason === 'future' ? longest.site?.text : '';
  const what = awaited || longest.resourceName || longest.reason || '';
  return `${duration(longest.ns)}${where}${what && ` for ${what}`}`;
}

const cut = (text: string): string => (text.length > MAX_WIDTH ? `${text.slice(0, MAX_WIDTH - 1)}…` : text);
