/**
 * What a drawing layer is: a function that draws one idea over the painted rows, at each frame.
 * A new layer is a file here and a row in layers.ts.
 */
import type { Tracks, TrackSpan } from '../../../runtime/trace/columns/tracks.ts';
import type { Piece } from '../../../runtime/trace/graph/piece.ts';
import type { Theme } from '../../messages.ts';
import type { Row } from '../session/row-tree.ts';
import type { Selected, Session } from '../session/session.ts';
import type { View } from '../session/view.ts';

/** What the panel shows at one frame. */
export interface Scene {
  readonly session: Session;
  readonly view: View;
  /** Scroll position, in CSS pixels. */
  readonly topPx: number;
  readonly selected: Selected | null;
  /** Key of the row that keys act on. */
  readonly currentRowKey: string | null;
  /** Tasks that the search found. */
  readonly searchHits: ReadonlySet<number>;
  /** The critical path, in the order of time; empty: it is not asked for. */
  readonly pathPieces: readonly Piece[];
  /** Where the play head stands; null: nothing is played. */
  readonly playheadNs: number | null;
  /** The moment that the debugger shows; null: it shows none. */
  readonly momentNs: number | null;
  /** The pointer, in device pixels from the left; null: it is elsewhere. */
  readonly cursorPx: number | null;
}

/** The scene and the canvas to draw it on; its lengths are device pixels. */
export interface LayerScene extends Scene {
  readonly context: OffscreenCanvasRenderingContext2D;
  readonly theme: Theme;
  /** Device pixels per CSS pixel. */
  readonly ratio: number;
  readonly width: number;
  readonly height: number;
}

/** What finding spans at points of the picture needs. */
export type SampledScene = Pick<LayerScene, 'session' | 'view' | 'width' | 'ratio'>;

export type Layer = (scene: LayerScene) => void;

/** A row in view and its edges in device pixels. */
export interface VisibleRow {
  readonly row: Row;
  readonly top: number;
  readonly bottom: number;
}

export function* visibleRows({ session, topPx, ratio, height }: LayerScene): Iterable<VisibleRow> {
  const { list } = session.tree;
  for (let i = Math.max(0, session.tree.indexAt(topPx)); i < list.length; i++) {
    const row = list[i]!;
    const top = Math.round((row.y - topPx) * ratio);
    if (top >= height) return;
    yield { row, top, bottom: Math.round((row.y + row.height - topPx) * ratio) };
  }
}

/** Where spans are narrower than a pixel, points are this many times as far from each other. */
const DENSE_STEPS = 4;
/** One alone is a run between two waits: what comes next may be wide. */
const MIN_DENSE_SPANS = 2;

/**
 * Indexes of a row's spans in view, in the order of time: those at a point every `stepPx` CSS
 * pixels. The cost does not depend on how many spans there are; what is narrower may be left out.
 */
export function* sampleSpans(
  { view, width, ratio }: Pick<SampledScene, 'view' | 'width' | 'ratio'>,
  tracks: Tracks,
  row: number,
  stepPx: number,
): Iterable<TrackSpan> {
  const step = stepPx * ratio;
  let last = -1;
  let narrow = 0;
  for (let px = 0; px < width;) {
    const index = tracks.at(row, view.timeAt(px));
    px += step;
    if (index < 0 || index === last) continue;
    last = index;
    const span = tracks.span(row, index);
    yield span;
    const endPx = span.endNs === null ? width : view.pixelAt(span.endNs);
    narrow = endPx - view.pixelAt(span.startNs) < 1 ? narrow + 1 : 0;
    if (endPx > px) px = endPx;
    else if (narrow >= MIN_DENSE_SPANS) px += (DENSE_STEPS - 1) * step;
  }
}
