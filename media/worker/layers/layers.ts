/** What is drawn over the painted rows, a layer a row. Later layers cover earlier ones. */
import { drawCursor } from './cursor.ts';
import { drawFoldedTasks } from './folded-tasks.ts';
import { drawHighlightedRows } from './highlighted-rows.ts';
import type { Layer } from './layer.ts';
import { drawLosses } from './losses.ts';
import { drawMarks } from './marks.ts';
import { drawResourceLevels } from './resource-levels.ts';
import { drawSelection } from './selection.ts';
import { drawSpanLabels } from './span-labels.ts';
import { drawStops } from './stops.ts';
import { drawTaskEnds } from './task-ends.ts';

export const LAYERS: readonly Layer[] = [
  drawHighlightedRows,
  drawFoldedTasks,
  drawResourceLevels,
  drawStops,
  drawLosses,
  drawTaskEnds,
  drawSpanLabels,
  drawSelection,
  drawMarks,
  drawCursor,
];
