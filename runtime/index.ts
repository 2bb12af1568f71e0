/**
 * The package's front door: open what was recorded, or follow a recording while its program
 * runs. What a program under trace needs is no part of it: `simul trace PROGRAM` brings that along.
 */
export { readTraceJson } from './launch/analysis.ts';
export { follow as followRecording } from './launch/follow.ts';
export type { Following, FollowOptions } from './launch/follow.ts';
export { openTrace, type OpenedTrace } from './launch/open-trace.ts';
export { saveTrace, type SavedTrace } from './launch/saved-trace.ts';
export type {
  FindingJson,
  LaneJson,
  ProcessJson,
  ResourceJson,
  SiteJson,
  TaskJson,
  TraceJson,
  WaitJson,
} from './launch/trace-json.ts';
export type { Observer } from './trace/fold/observer.ts';
export type { Trace } from './trace/fold/trace.ts';
