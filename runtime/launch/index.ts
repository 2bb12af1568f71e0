/**
 * `simul/trace`: open what was recorded, or follow a recording while its program runs. Apart from the library,
 * which a program imports to run and which must be there at once.
 */
export { readTraceJson } from './analysis.ts';
export { follow as followRecording } from './follow.ts';
export type { Following, FollowOptions } from './follow.ts';
export { openTrace, type OpenedTrace } from './open-trace.ts';
export { saveTrace, type SavedTrace } from './saved-trace.ts';
export type {
  FindingJson,
  LaneJson,
  ProcessJson,
  ResourceJson,
  SiteJson,
  TaskJson,
  TraceJson,
  WaitJson,
} from './trace-json.ts';
export type { Observer } from '../trace/fold/observer.ts';
export type { Trace } from '../trace/model/trace.ts';
