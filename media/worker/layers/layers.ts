/** What is drawn over the painted rows, a layer a row. Later layers cover earlier ones. */
import { drawAlarms } from './alarms.ts';
import { drawClockUncertainty } from './clock-uncertainty.ts';
import { drawCriticalPath } from './critical-path.ts';
import { drawCursor } from './cursor.ts';
import { drawDueWaits } from './due-waits.ts';
import { drawFoldedTasks } from './folded-tasks.ts';
import { drawFrames } from './frames.ts';
import { drawHighlightedRows } from './highlighted-rows.ts';
import type { Layer } from './layer.ts';
import { drawJobQueues } from './job-queues.ts';
import { drawLosses } from './losses.ts';
import { drawMarks } from './marks.ts';
import { drawMoment } from './moment.ts';
import { drawOpenWaits } from './open-waits.ts';
import { drawPlayhead } from './playhead.ts';
import { drawResourceLevels } from './resource-levels.ts';
import { drawSelection } from './selection.ts';
import { drawSpanLabels } from './span-labels.ts';
import { drawStops } from './stops.ts';
import { drawTaskEnds } from './task-ends.ts';

export const LAYERS: readonly Layer[] = [
  drawHighlightedRows,
  drawFoldedTasks,
  drawResourceLevels,
  drawJobQueues,
  drawDueWaits,
  drawStops,
  drawClockUncertainty,
  drawLosses,
  drawAlarms,
  drawOpenWaits,
  drawTaskEnds,
  drawFrames,
  drawSpanLabels,
  drawCriticalPath,
  drawSelection,
  drawMarks,
  drawMoment,
  drawPlayhead,
  drawCursor,
];
