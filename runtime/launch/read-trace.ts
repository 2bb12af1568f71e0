/** Opens a trace together with everything the command line shows of it: waits, spans, findings. */
import { startRules } from '../trace/findings/registry.ts';
import { Trace } from '../trace/model/trace.ts';
import { type QuerySource, startQueries } from '../trace/queries/query-source.ts';
import { makeTraceJson, type JsonInput } from './json/make-trace-json.ts';
import type { TraceJson } from './json/trace-json.ts';
import { WaitList } from './json/wait-list.ts';
import { openTrace } from './open-trace.ts';
import { makeSummary } from './summary/make-summary.ts';

/** Entries of each list in the JSON, when nothing else is asked for. */
export const DEFAULT_LIMIT = 10_000;

/** The summary's lines; or one sentence saying why there is no trace. */
export function readSummary(path: string): string[] | string {
  const trace = new Trace();
  const queries = startQueries(trace, { hasProof: false });
  const opened = openTrace(path, queries.observers, trace);
  if (typeof opened === 'string') return opened;
  return makeSummary({ ...queries.source(opened.troubles), alive: opened.alive });
}

/** What questions are answered from; or one sentence saying why there is no trace. */
export function readQuerySource(path: string): QuerySource | string {
  const trace = new Trace();
  const queries = startQueries(trace, { hasProof: true });
  const opened = openTrace(path, queries.observers, trace);
  return typeof opened === 'string' ? opened : queries.source(opened.troubles);
}

/** The trace as JSON, each list cut at `limit`; or one sentence saying why there is none. */
export function readTraceJson(path: string, limit: number = DEFAULT_LIMIT): TraceJson | string {
  const input = readJsonInput(path, limit);
  return typeof input === 'string' ? input : makeTraceJson(input);
}

/** What that JSON is made of; or one sentence saying why there is none. */
export function readJsonInput(path: string, limit: number): JsonInput | string {
  const trace = new Trace();
  const rules = startRules(trace);
  const waits = new WaitList(trace, limit);
  const opened = openTrace(path, [...rules.observers, waits], trace);
  if (typeof opened === 'string') return opened;
  return { ...opened, waits, findings: rules.findings(), limit };
}
