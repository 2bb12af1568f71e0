/** The keys of the picture, a row each. The help lists the same table. */
import type { PanelAction } from '../../runtime/trace/messages/panel.ts';

export interface KeyRow {
  readonly keys: readonly string[];
  readonly action: PanelAction;
  /** What they do. */
  readonly words: string;
  /** The keys, as the help writes them. */
  readonly label: string;
}

const toRow = (keys: readonly string[], shown: string, action: KeyRow['action'], says: string): KeyRow => ({
  keys,
  label: shown,
  action,
  words: says,
});

export const KEYS: readonly KeyRow[] = [
  toRow(['w', '+', '='], 'W', 'zoomIn', 'Zoom in at the cursor'),
  toRow(['s', '-'], 'S', 'zoomOut', 'Zoom out'),
  toRow(['a', 'ArrowLeft'], 'A ←', 'panLeft', 'Earlier'),
  toRow(['d', 'ArrowRight'], 'D →', 'panRight', 'Later'),
  toRow(['ArrowUp'], '↑', 'selectRowAbove', 'Row above'),
  toRow(['ArrowDown'], '↓', 'selectRowBelow', 'Row below'),
  toRow(['Enter'], 'Enter', 'openSource', 'Open the line of the selection'),
  toRow(['f'], 'F', 'fitSelection', 'Fit the selection'),
  toRow(['F'], 'Shift+F', 'fitAll', 'Fit everything'),
  toRow(['n'], 'N', 'selectNextSpan', 'Next switch in the row'),
  toRow(['p'], 'P', 'selectPreviousSpan', 'Previous switch in the row'),
  toRow(['N'], 'Shift+N', 'selectNextInAnyRow', 'Next switch in any row'),
  toRow(['P'], 'Shift+P', 'selectPreviousInAnyRow', 'Previous switch in any row'),
  toRow(['['], '[', 'selectWaker', 'What woke it'),
  toRow([']'], ']', 'selectWoken', 'What it woke'),
  toRow(['e'], 'E', 'showNextFinding', 'Next finding'),
  toRow(['c'], 'C', 'togglePath', 'Critical path of the run or the selection'),
  toRow([' '], 'Space', 'togglePlaying', 'Play, and stop'),
  toRow(['t'], 'T', 'togglePin', 'Pin the row to the top, or take it back'),
  toRow(['m'], 'M', 'toggleMark', 'Mark this time, or take the mark away'),
  toRow(['.'], '.', 'toggleFollowing', 'Follow the newest'),
  toRow(['Backspace'], 'Backspace', 'undoMove', 'Undo the last move'),
  toRow(['Escape'], 'Esc', 'clearSelection', 'Select nothing'),
  toRow(['{'], '{', 'shrinkRows', 'Lower rows'),
  toRow(['}'], '}', 'growRows', 'Taller rows'),
  toRow(['/'], '/', 'search', 'Search tasks'),
  toRow(['?'], '?', 'help', 'This list'),
];

const byKey = new Map(KEYS.flatMap((row) => row.keys.map((key) => [key, row] as const)));

/** The row of a key press; null: the key is not in the table, or belongs to the editor. */
export function keyRow(event: {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}): KeyRow | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  return byKey.get(event.key) ?? null;
}
