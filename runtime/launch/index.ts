/**
 * `simul/trace`: opens what was recorded, and follows a recording while its program runs. It is
 * apart from the library because a program imports the library to run, and that has to load at
 * once.
 */
export { readTraceJson } from './read-trace.ts';
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
} from './json/trace-json.ts';
export type { Observer } from '../trace/fold/observer.ts';
export type { Trace } from '../trace/model/trace.ts';
