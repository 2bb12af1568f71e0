/** Ties the views of the container *Simul* to the editor. */
import type * as vscode from 'vscode';
import type { EventStops } from '../debug/event-stops.ts';
import type { LiveSessions } from '../debug/live-sessions.ts';
import type { MomentTracker } from '../debug/moment-tracker.ts';
import { EventView } from './event-view.ts';
import type { PanelRequests } from '../panel/panel-requests.ts';
import { MomentMarks } from './moment-marks.ts';
import { OneCursor } from './one-cursor.ts';
import type { PinnedTasks } from './pinned-tasks.ts';
import { RecordingView, type RecordingViewOptions } from './recording-view.ts';
import { ResourceView } from './resource-view.ts';
import type { ShownMoment } from './shown-moment.ts';
import { TaskView } from './task-view.ts';

export interface ViewParts {
  readonly moment: ShownMoment;
  readonly tracker: MomentTracker;
  readonly pinned: PinnedTasks;
  readonly stops: EventStops;
  readonly live: LiveSessions;
  readonly requests: PanelRequests;
  readonly recordings: RecordingViewOptions;
}

export function registerViews({
  moment,
  tracker,
  pinned,
  stops,
  live,
  requests,
  recordings,
}: ViewParts): vscode.Disposable[] {
  return [
    moment,
    ...new TaskView(moment, pinned, live).register(),
    ...new ResourceView(moment).register(),
    ...new RecordingView(recordings).register(),
    ...new EventView(stops).register(),
    ...new MomentMarks(tracker).register(),
    ...new OneCursor(tracker, requests).register(),
  ];
}
