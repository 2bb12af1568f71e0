/** The minimap: a drag shows a range, a click brings a time to the middle. With the legend. */
import { useCanvas } from './canvas.ts';
import { drag } from './drag.ts';
import { ShortLegend } from './legend.tsx';
import { sendToWorker } from './panel-link.ts';
import { status, treeWidthPx } from './state.ts';

/** A shorter drag is a click. */
const MIN_DRAG_PX = 3;
/** The minimap spans the trace and 1.5 % at both ends (worker/minimap.ts). */
const SPANNED = 1.03;

export function Minimap() {
  const canvas = useCanvas('minimap');
  const shareAt = (event: PointerEvent): number => {
    const box = canvas.current!.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
  };
  const startDrag = (event: PointerEvent) => {
    const from = shareAt(event);
    const startX = event.clientX;
    drag(event, {
      release(last) {
        if (Math.abs(last.clientX - startX) < MIN_DRAG_PX) return showAround(from);
        const to = shareAt(last);
        sendToWorker({ type: 'showRange', fromShare: Math.min(from, to), toShare: Math.max(from, to) });
      },
    });
  };
  return (
    <div class="strip minimap">
      <div class="strip-label" style={{ width: `${treeWidthPx.value}px` }}>
        <ShortLegend />
      </div>
      <canvas ref={canvas} onPointerDown={startDrag} aria-hidden="true" />
    </div>
  );
}

/** Keeps the scale and brings what is at this share of the minimap to the middle. */
function showAround(share: number): void {
  if (!status.value) return;
  const { startNs, endNs, firstNs, traceEndNs } = status.value;
  const half = (endNs - startNs) / Math.max(1, (traceEndNs - firstNs) * SPANNED) / 2;
  sendToWorker({ type: 'showRange', fromShare: share - half, toShare: share + half });
}
