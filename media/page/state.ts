/**
 * What the page shows, as signals. Only panel-link.ts writes what comes from the host and the
 * worker; the last few are the page's own.
 */
import { computed, signal } from '@preact/signals';
import type { Sentence } from '../../runtime/trace/words/sentence.ts';
import type {
  GraphView,
  Overview,
  PathView,
  SelectionView,
  Status,
  TableRow,
  TableSort,
  TreeOptions,
  TreeRow,
} from '../messages.ts';
import { getSavedState } from './host.ts';

export type Phase = 'empty' | 'live' | 'ended' | 'stopped' | 'file';

// From the host and the worker.
export const phase = signal<Phase>('empty');
export const name = signal('');
/** Another recording can be added to what is shown. */
export const canAdd = signal(false);
/** How the program ended; '': it has not. */
export const endWords = signal('');
/** What could not be read or done, a sentence each. */
export const troubles = signal<readonly string[]>([]);
/** The whole trace in a few sentences. */
export const summary = signal<Sentence>([]);
/** The picture shows all that the page asked for, exactly. */
export const upToDate = signal(false);
export const NO_OVERVIEW: Overview = {
  verdict: [],
  severity: null,
  where: [],
  cpu: [],
  handlers: [],
  unseen: [],
  findings: [],
  moreFindings: 0,
  waits: [],
  explainedShare: [],
};
export const overview = signal<Overview>(NO_OVERVIEW);
export const status = signal<Status | null>(null);
/** What the toolbar's buttons show of the status, whose figures change many times a second. */
export const isPlaying = computed(() => status.value?.playing ?? false);
export const showsPath = computed(() => status.value?.showsPath ?? false);
export const isFollowing = computed(() => status.value?.following ?? false);
export const selection = signal<SelectionView | null>(null);
export const tree = signal<{
  readonly rows: readonly TreeRow[];
  readonly totalPx: number;
  readonly topPx: number;
}>({ rows: [], totalPx: 0, topPx: 0 });
export const tooltip = signal<{
  readonly x: number;
  readonly y: number;
  readonly lines: readonly string[];
} | null>(null);
export const searchResult = signal<{ readonly count: number; readonly index: number }>({
  count: 0,
  index: -1,
});
/** Of the *Path* and the *Graph* tab; null: it was not asked for yet. */
export const path = signal<PathView | null>(null);
export const graph = signal<GraphView | null>(null);
export const table = signal<{ readonly rows: readonly TableRow[]; readonly total: number }>({
  rows: [],
  total: 0,
});

// The page's own.
/** Id of a row of TABS (details.tsx); '': none, and the details are closed. */
export const openTab = signal(getSavedState().openTab);
export const tableSort = signal<{ readonly by: TableSort; readonly descending: boolean }>({
  by: 'began',
  descending: false,
});
export const treeOptions = signal<TreeOptions>({ sort: 'began', groupsNames: false, onlyFound: false });
export const helpOpen = signal(false);
export const searchOpen = signal(false);
/** The page answers its keys itself; else VS Code's key bindings send what they mean. */
export const ownsKeys = signal(true);
/** Width of the tree as the reader set it; null: it follows from the panel's width. */
export const treePx = signal(getSavedState().treePx);
export const detailsPx = signal(getSavedState().detailsPx);

const MIN_TREE_PX = 120;
const MAX_TREE_PX = 240;
/** A narrow panel has a narrow tree: the picture needs the room. */
const TREE_SHARE = 0.26;
const panelPx = signal(window.innerWidth);
window.addEventListener('resize', () => (panelPx.value = window.innerWidth));
export const treeWidthPx = computed(() =>
  Math.min(
    treePx.value ?? Math.max(MIN_TREE_PX, Math.min(MAX_TREE_PX, Math.round(panelPx.value * TREE_SHARE))),
    Math.round(panelPx.value / 2),
  ),
);
