import assert from 'node:assert/strict';
import type { TraceJson } from '../../runtime/launch/json/trace-json.ts';
import { readTraceJson } from '../../runtime/launch/read-trace.ts';

/** What `simul show --json` prints of a recording, read here: no process is started for it. */
export function jsonOf(recording: string): TraceJson {
  const json = readTraceJson(recording);
  assert.ok(typeof json !== 'string', String(json));
  return JSON.parse(JSON.stringify(json)) as TraceJson;
}
