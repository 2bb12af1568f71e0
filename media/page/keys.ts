/** The keys of the picture, one row each: the help lists the same table. */
import type { Action } from '../messages.ts';

export interface KeyRow {
  readonly keys: readonly string[];
  readonly action: Action | 'search' | 'help';
  readonly says: string;
  /** As the help writes it. */
  readonly shown: string;
}

const row = (keys: readonly string[], shown: string, action: KeyRow['action'], says: string): KeyRow => ({
  keys,
  shown,
  action,
  says,
});

export const KEYS: readonly KeyRow[] = [
  row(['w', '+', '='], 'W', 'zoomIn', 'Zoom in at the cursor'),
  row(['s', '-'], 'S', 'zoomOut', 'Zoom out'),
  row(['a', 'ArrowLeft'], 'A ←', 'panLeft', 'Earlier'),
  row(['d', 'ArrowRight'], 'D →', 'panRight', 'Later'),
  row(['ArrowUp'], '↑', 'rowUp', 'Row above'),
  row(['ArrowDown'], '↓', 'rowDown', 'Row below'),
  row(['Enter'], 'Enter', 'openSource', 'Open the line of the selection'),
  row(['f'], 'F', 'fitSelection', 'Fit the selection'),
  row(['F'], 'Shift+F', 'fitAll', 'Fit everything'),
  row(['n'], 'N', 'next', 'Next switch in the row'),
  row(['p'], 'P', 'previous', 'Previous switch in the row'),
  row(['N'], 'Shift+N', 'nextAnywhere', 'Next switch in any row'),
  row(['P'], 'Shift+P', 'previousAnywhere', 'Previous switch in any row'),
  row(['['], '[', 'waker', 'What woke it'),
  row([']'], ']', 'woken', 'What it woke'),
  row(['e'], 'E', 'nextFinding', 'Next finding'),
  row(['m'], 'M', 'mark', 'Mark this time, or take the mark away'),
  row(['.'], '.', 'follow', 'Follow the newest'),
  row(['Backspace'], 'Backspace', 'undo', 'Undo the last move'),
  row(['Escape'], 'Esc', 'unselect', 'Select nothing'),
  row(['{'], '{', 'denser', 'Lower rows'),
  row(['}'], '}', 'roomier', 'Taller rows'),
  row(['/'], '/', 'search', 'Search tasks'),
  row(['?'], '?', 'help', 'This list'),
];

const byKey = new Map(KEYS.flatMap((it) => it.keys.map((key) => [key, it] as const)));

/** Which row a key press means; null: none of ours. */
export function keyRow(event: {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}): KeyRow | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  return byKey.get(event.key) ?? null;
}
