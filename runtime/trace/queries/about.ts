/** What a question is about: the whole trace, a line of the source, a task, or a moment. */
import { displayPath } from '../model/display-path.ts';
import type { Trace } from '../model/trace.ts';
import { count } from '../words/duration.ts';

export type About =
  | { readonly kind: 'all' }
  /** The path may be the end of the recorded one: "report.ts", "src/report.ts". */
  | { readonly kind: 'line'; readonly file: string; readonly line: number }
  /** Its label ("load#3"), its name, or its id ("0:17"). */
  | { readonly kind: 'task'; readonly name: string }
  /** Ns from the trace's start. */
  | { readonly kind: 'time'; readonly t: number };

/** A question that this trace cannot answer, in one sentence. */
export interface Refusal {
  readonly refusal: string;
}

const MAX_NAMED = 6;

/** The sites of a line, in the order in which they were recorded. */
export function sitesAt(trace: Trace, file: string, line: number): readonly number[] | Refusal {
  const wanted = file.replaceAll('\\', '/').replace(/^\.\//, '');
  const ofFile = trace.sites.filter((site) => isFile(site.file, wanted));
  const found = ofFile.filter((site) => site.line === line).map(({ index }) => index);
  if (found.length > 0) return found;
  const name = displayPath(file);
  if (ofFile.length === 0) {
    const files = [...new Set(trace.sites.map((site) => displayPath(site.file)))];
    return { refusal: `no file ${file} was seen; ${listOf('file', files)}` };
  }
  const lines = [...new Set(ofFile.map((site) => site.line))].sort((a, b) => near(a, line) - near(b, line));
  const nearest = lines.slice(0, MAX_NAMED).sort((a, b) => a - b);
  return { refusal: `nothing was recorded at ${name}:${line}; the nearest lines are ${nearest.join(', ')}` };
}

const near = (a: number, b: number): number => Math.abs(a - b);

function isFile(recorded: string, wanted: string): boolean {
  const path = recorded.replaceAll('\\', '/').replace(/^file:\/\//, '');
  return path === wanted || path.endsWith(`/${wanted}`);
}

/** The rows of this label, or else of this name, or the one of this id, or names that hold it. */
export function rowsNamed(trace: Trace, name: string): readonly number[] | Refusal {
  const byLabel: number[] = [];
  const byName: number[] = [];
  const byPart: number[] = [];
  const names = new Map<string, number>();
  for (let row = 0; row < trace.tasks.count; row++) {
    if (trace.tasks.frameOf[row]! >= 0) continue;
    if (trace.idOf(row) === name) return [row];
    const own = trace.nameOf(row);
    names.set(own, (names.get(own) ?? 0) + 1);
    if (own === name) byName.push(row);
    else if (name !== '' && own.includes(name)) byPart.push(row);
    if (trace.labelOf(row) === name) byLabel.push(row);
  }
  if (byLabel.length > 0) return byLabel;
  if (byName.length > 0) return byName;
  if (byPart.length > 0) return byPart;
  const common = [...names].sort((a, b) => b[1] - a[1]).map(([of]) => of);
  return { refusal: `no task is called "${name}"; ${listOf('task', common)}` };
}

function listOf(noun: string, names: readonly string[]): string {
  if (names.length === 0) return `no ${noun} was seen`;
  const more = names.length - MAX_NAMED;
  const listed = names.slice(0, MAX_NAMED).join(', ');
  return `the ${noun}s are ${listed}${more > 0 ? ` and ${count(more, 'other')}` : ''}`;
}

export const isRefusal = (value: unknown): value is Refusal =>
  typeof value === 'object' && value !== null && 'refusal' in value;
