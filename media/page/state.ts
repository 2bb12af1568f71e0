/** What the page shows, as signals; written by panel-link.ts alone, but for the few that are the page's own. */
import { signal } from '@preact/signals';
import type { Sentence } from '../../runtime/trace/words/sentence.ts';
import type { Overview, SelectionView, Status, TableRow, TableSort, TreeRow } from '../messages.ts';
import { getKept } from './host.ts';

export type Phase = 'empty' | 'live' | 'ended' | 'stopped' | 'file';

export const phase = signal<Phase>('empty');
export const name = signal('');
export const endWords = signal('');
export const troubles = signal<readonly string[]>([]);
export const summary = signal<Sentence>([]);
/** The picture shows all that was asked for, exactly. */
export const atRest = signal(false);
export const NO_OVERVIEW: Overview = { findings: [], more: 0, waits: [], explained: [] };
export const overview = signal<Overview>(NO_OVERVIEW);
export const status = signal<Status | null>(null);
export const selection = signal<SelectionView | null>(null);
export const tree = signal<{
  readonly rows: readonly TreeRow[];
  readonly total: number;
  readonly count: number;
  readonly top: number;
}>({
  rows: [],
  total: 0,
  count: 0,
  top: 0,
});
export const tip = signal<{
  readonly x: number;
  readonly y: number;
  readonly lines: readonly string[];
} | null>(null);
export const found = signal<{ readonly count: number; readonly at: number }>({ count: 0, at: -1 });
export const table = signal<{ readonly rows: readonly TableRow[]; readonly total: number }>({
  rows: [],
  total: 0,
});

export const tab = signal<'why' | 'span' | 'table'>('why');
export const tableSort = signal<{ readonly by: TableSort; readonly descending: boolean }>({
  by: 'began',
  descending: false,
});
export const helpOpen = signal(false);
export const searchOpen = signal(false);
export const treePx = signal(getKept().treePx);
export const detailsPx = signal(getKept().detailsPx);
