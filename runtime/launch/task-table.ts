/**
 * The tasks of a trace as a table of text: a heading, one row a task, columns as wide as they need.
 */
import { displayPlace } from '../trace/model/display-path.ts';
import { count, duration } from '../trace/words/duration.ts';
import { outcomeWord } from '../trace/words/outcome.ts';
import type { TaskJson, TraceJson } from './json/trace-json.ts';
import { printable } from '../trace/format/printable.ts';

interface Column {
  readonly heading: string;
  readonly cell: (task: TaskJson) => string;
  readonly align: 'left' | 'right';
}

const COLUMNS: readonly Column[] = [
  { heading: 'task', cell: (task) => task.id, align: 'left' },
  { heading: 'name', cell: (task) => task.label, align: 'left' },
  { heading: 'at', cell: describePlace, align: 'left' },
  { heading: 'parent', cell: (task) => task.parent ?? '', align: 'left' },
  { heading: 'state', cell: (task) => outcomeWord(task.kind, task.outcome ?? task.state), align: 'left' },
  { heading: 'ran', cell: (task) => duration(task.runNs), align: 'right' },
  { heading: 'ready', cell: (task) => duration(task.readyNs), align: 'right' },
  { heading: 'waited', cell: (task) => duration(task.waitNs), align: 'right' },
  { heading: 'waits', cell: (task) => String(task.waitCount), align: 'right' },
  { heading: 'longest wait', cell: describeLongestWait, align: 'left' },
];
const MAX_WIDTH = 48;

export function makeTaskTable(json: TraceJson): string[] {
  const rows = json.tasks.map((task) => COLUMNS.map(({ cell }) => truncate(printable(cell(task)))));
  const widths = COLUMNS.map(({ heading }, i) =>
    rows.reduce((width, row) => Math.max(width, row[i]!.length), heading.length),
  );
  const joinCells = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (COLUMNS[i]!.align === 'right' ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd();
  const lines = [
    `${count(json.events, 'event')} in ${duration(json.durationNs)}, ${count(json.processes.length, 'process', 'processes')}, ` +
      `${count(json.tasks.length + json.truncated.tasks, 'task')}` +
      (json.lost > 0 ? `, ${count(json.lost, 'record')} lost` : ''),
    ...(json.kept === undefined ? [] : [json.kept.words]),
    '',
    joinCells(COLUMNS.map(({ heading }) => heading)),
    ...rows.map(joinCells),
  ];
  if (json.truncated.tasks > 0)
    lines.push(`… and ${count(json.truncated.tasks, 'more task')} (--limit N shows more)`);
  if (json.findings.length > 0) lines.push('');
  for (const finding of json.findings) lines.push(printable(`${finding.severity}: ${finding.words}`));
  return lines;
}

function describePlace({ site }: Pick<TaskJson, 'site'>): string {
  return site ? displayPlace(site) : '';
}

function describeLongestWait({ longestWait }: TaskJson): string {
  if (!longestWait) return '';
  const place = longestWait.site ? ` at ${describePlace(longestWait)}` : '';
  // A promise has no name of its own: what was awaited tells it apart.
  const awaited = longestWait.reason === 'future' ? longestWait.site?.text : '';
  const target = awaited || longestWait.resourceName || longestWait.reason || '';
  return `${duration(longestWait.ns)}${place}${target && ` for ${target}`}`;
}

const truncate = (text: string): string =>
  text.length > MAX_WIDTH ? `${text.slice(0, MAX_WIDTH - 1)}…` : text;
