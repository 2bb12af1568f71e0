/**
 * The row that stands for folded tasks shows how many of them lived at each time, and what these
 * did: an area as high as their number, divided into its states. Of many tasks a sample is looked
 * at. The shares are kept until the view or the trace changes.
 */
import { Class } from '../../../runtime/trace/columns/classes.ts';
import { cover, COVER_SHARES } from '../../../runtime/trace/columns/cover.ts';
import type { Theme } from '../../messages.ts';
import type { Session } from '../session/session.ts';
import { visibleRows, type LayerScene, type VisibleRow } from './layer.ts';

const MAX_SAMPLE = 200;
const MARGIN_PX = 2;

/** From the bottom up: what is done first, what stands last. */
const STATES: readonly (keyof Pick<Theme, 'run' | 'ready' | 'blocked' | 'idle'>)[] = [
  'run',
  'ready',
  'blocked',
  'idle',
];

interface Density {
  /** What it was computed for. */
  readonly version: string;
  /** Four sums a pixel, of tasks. */
  readonly sums: Float32Array;
  /** How many tasks lived at once in this view, at most. */
  readonly max: number;
}

/** By session and key of the fold. */
const kept = new WeakMap<Session, Map<string, Density>>();
let shares = new Float32Array(0);

export function drawFoldedTasks(scene: LayerScene): void {
  for (const visible of visibleRows(scene)) {
    if (visible.row.kind === 'ended' && visible.row.expanded === false)
      drawDensity(scene, visible, densityOf(scene, visible.row.key));
  }
}

function densityOf(scene: LayerScene, key: string): Density {
  const { session, view, width } = scene;
  const ofSession = kept.get(session) ?? new Map<string, Density>();
  kept.set(session, ofSession);
  const members = session.tree.foldMembers(key);
  const version = `${view.startNs} ${view.nsPerPixel} ${width} ${members.length}`;
  const before = ofSession.get(key);
  if (before?.version === version) return before;
  const density = { version, ...sumShares(session, members, view, width) };
  ofSession.set(key, density);
  return density;
}

/** Sums up what the members did in each pixel; a sample stands for all of them. */
export function sumShares(
  { columns }: Session,
  members: readonly number[],
  { startNs, nsPerPixel }: { readonly startNs: number; readonly nsPerPixel: number },
  width: number,
): Pick<Density, 'sums' | 'max'> {
  const room = (width + 1) * COVER_SHARES;
  if (shares.length < room) shares = new Float32Array(room);
  const sums = new Float32Array(width * COVER_SHARES);
  const step = Math.max(1, Math.ceil(members.length / MAX_SAMPLE));
  const scale = { startNs, nsPerPixel };
  for (let i = 0; i < members.length; i += step) {
    const row = members[i]!;
    cover(columns.rows, row, scale, 0, width, columns.rowUntilNs(row), shares, Class.idle);
    for (let at = 0; at < sums.length; at++) sums[at] = sums[at]! + shares[at]! * step;
  }
  let max = 0;
  for (let at = 0; at < sums.length; at += COVER_SHARES)
    max = Math.max(max, sums[at]! + sums[at + 1]! + sums[at + 2]! + sums[at + 3]!);
  return { sums, max };
}

function drawDensity(scene: LayerScene, { top, bottom }: VisibleRow, { sums, max }: Density): void {
  const { context, theme, width, ratio } = scene;
  if (max === 0) return;
  const roomPx = bottom - top - 2 * MARGIN_PX * ratio;
  const base = bottom - MARGIN_PX * ratio;
  let below = 0;
  STATES.forEach((name, state) => {
    context.fillStyle = theme[name];
    // Waits of finished tasks are harmless as a rule: they are as quiet as elsewhere.
    context.globalAlpha = name === 'blocked' || name === 'idle' ? 0.5 : 1;
    for (let x = 0; x < width; x++) {
      const at = x * COVER_SHARES;
      const own = sums[at + state]!;
      if (own === 0) continue;
      below = 0;
      for (let under = 0; under < state; under++) below += sums[at + under]!;
      const y0 = base - (below / max) * roomPx;
      const y1 = base - ((below + own) / max) * roomPx;
      context.fillRect(x, y1, 1, Math.max(y0 - y1, state === 0 ? ratio : 0));
    }
  });
  context.globalAlpha = 1;
  context.fillStyle = theme.guide;
  context.fillRect(0, base, width, 1);
}
