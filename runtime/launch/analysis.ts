/** Opens a trace with everything that the command line says about one: waits, spans, findings. */
import { startRules } from '../trace/findings/registry.ts';
import { Trace } from '../trace/model/trace.ts';
import { openTrace } from './open-trace.ts';
import { SpanLog } from '../trace/columns/span-log.ts';
import { summaryLines } from './summary.ts';
import { traceJson, WaitList, type TraceJson } from './trace-json.ts';
import { WaitSums } from '../trace/summaries/wait-sums.ts';

/** Entries of each list in the JSON, when nothing else is asked for. */
export const DEFAULT_LIMIT = 10_000;

/** The summary's lines; or one sentence saying why there is no trace. */
export function summarize(path: string): string[] | string {
  const trace = new Trace();
  const rules = startRules(trace);
  const spans = new SpanLog(trace);
  const sums = new WaitSums(trace);
  const opened = openTrace(path, [...rules.observers, spans, sums], trace);
  if (typeof opened === 'string') return opened;
  return summaryLines({ ...opened, spans, sums, findings: rules.findings() });
}

/** The trace as JSON, lists bounded by `limit`; or one sentence saying why there is none. */
export function readTraceJson(path: string, limit: number = DEFAULT_LIMIT): TraceJson | string {
  const trace = new Trace();
  const rules = startRules(trace);
  const waits = new WaitList(trace, limit);
  const opened = openTrace(path, [...rules.observers, waits], trace);
  if (typeof opened === 'string') return opened;
  return traceJson({ ...opened, waits, findings: rules.findings(), limit });
}
