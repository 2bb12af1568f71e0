/** What an export is made of: the whole trace, its spans and levels, and short names for them. */
import { Columns } from '../../trace/columns/columns.ts';
import type { Finding } from '../../trace/findings/finding.ts';
import { startRules } from '../../trace/findings/registry.ts';
import { LANE_KIND, REASONS } from '../../trace/format/kinds.ts';
import type { Span } from '../../trace/model/spans.ts';
import { resourceOfTarget, State, taskOfTarget } from '../../trace/model/state.ts';
import { type Lane, type Process, Trace } from '../../trace/model/trace.ts';
import { resourcePart } from '../../trace/words/parts.ts';
import { plain } from '../../trace/words/sentence.ts';
import { openTrace } from '../open-trace.ts';
import { shortenCommand } from '../summary/describe-process.ts';

export interface ExportedTrace {
  readonly trace: Trace;
  readonly columns: Columns;
  readonly findings: readonly Finding[];
  /** One sentence for each thing that could not be read. */
  readonly troubles: readonly string[];
}

/** The trace, or one sentence saying why there is none. */
export function readExportedTrace(path: string): ExportedTrace | string {
  const trace = new Trace();
  const columns = new Columns(trace);
  const rules = startRules(trace);
  const opened = openTrace(path, [...rules.observers, columns], trace);
  if (typeof opened === 'string') return opened;
  return { trace, columns, findings: rules.findings(), troubles: opened.troubles };
}

/** Rows, in the order in which they began: tasks that are nobody's frame. */
export function* rowsOf({ trace, columns }: ExportedTrace): Generator<number> {
  for (let task = 0; task < trace.tasks.count; task++)
    if (trace.tasks.frameOf[task]! < 0 && columns.rows.count(task) > 0) yield task;
}

/** A row's stretches of one state, in order; neither before its begin nor after its end. */
export function* spansOf({ columns }: ExportedTrace, row: number): Generator<Span> {
  for (let index = 0; ; index++) {
    const span = columns.spanAt(row, index);
    if (span === null) return;
    if (span.state !== State.unborn && span.state !== State.ended) yield span;
  }
}

/** "run", "ready", "paused", or what is awaited: its text, the task, the resource or the reason. */
export function nameSpan(trace: Trace, { state, ref, target, reason }: Span): string {
  if (state === State.run) return 'run';
  if (state === State.ready) return 'ready';
  if (state === State.paused) return 'paused';
  const text = trace.sites[ref]?.text ?? '';
  if (text !== '') return text;
  const task = taskOfTarget(target);
  if (task >= 0) return trace.labelOf(task);
  const resource = resourceOfTarget(target);
  if (resource >= 0) return nameResource(trace, resource);
  return REASONS[reason] || 'wait';
}

export const nameResource = (trace: Trace, resource: number): string =>
  plain([resourcePart(trace, resource)]);

export const nameProcess = ({ argv, pid }: Process): string =>
  argv === '' ? `process ${pid}` : shortenCommand(argv);

export function nameLane({ kind, name, number }: Lane): string {
  return kind === LANE_KIND.main && (name === '' || name === 'main')
    ? 'main thread'
    : name || `thread ${number}`;
}
