/**
 * The ruler, the tree and the lanes, with the pointer and keys over them. The worker draws; here it
 * only learns what is done to the picture. Rows scroll natively: tree and canvas are sticky in a
 * box that is as high as all rows together.
 */
import { effect, signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { useCanvas } from './canvas.ts';
import { drag } from './drag.ts';
import { saveState, sendToHost } from './host.ts';
import { keyRow } from './keys.ts';
import { runAction, sendToWorker } from './panel-link.ts';
import { ownsKeys, tree, treePx, treeWidthPx, upToDate } from './state.ts';
import { Tooltip } from './tooltip.tsx';
import { Tree } from './tree.tsx';

/** A turn of the wheel by n pixels zooms by a factor of exp(n × WHEEL_ZOOM). */
const WHEEL_ZOOM = 0.0044;
/** More pixels at once count as this many. */
const MAX_WHEEL_PX = 120;
/** Some wheels turn in lines: a line counts as so many pixels. */
const WHEEL_LINE_PX = 16;
/** A shorter drag is a click. */
const MIN_DRAG_PX = 3;
const MIN_TREE_PX = 80;
const MAX_TREE_SHARE = 0.6;
const KEY_STEP_PX = 16;

/** The rectangle that is being drawn, in CSS pixels of the canvas; null: none is. */
const brushed = signal<{
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
} | null>(null);

export const focusPicture = (): void => document.querySelector<HTMLElement>('.lanes')?.focus();

export function Ruler() {
  const canvas = useCanvas('ruler');
  return (
    <div class="strip ruler">
      <div class="strip-label" style={{ width: `${treeWidthPx.value}px` }} />
      <canvas ref={canvas} aria-hidden="true" />
    </div>
  );
}

export function Rows() {
  return (
    <div
      class="rows"
      onScroll={({ currentTarget }) => sendToWorker({ type: 'scroll', topPx: currentTarget.scrollTop })}
    >
      <div class="content" style={{ height: `${tree.value.totalPx}px` }}>
        <div class="viewport">
          <Tree />
          {/* Before the splitter: the picture is what the Tab key is to reach first. */}
          <div class="picture">
            <Lanes />
            <Tooltip />
            <Brush />
          </div>
          <Splitter />
        </div>
      </div>
    </div>
  );
}

function Lanes() {
  const canvas = useCanvas('lanes');
  useEffect(() => {
    const element = canvas.current!;
    // Not passive: a zoom must not also scroll.
    element.addEventListener('wheel', onWheel, { passive: false });
    // Set by hand: it changes with every move of the pointer, and nothing else is rendered for it.
    const stop = effect(() => element.setAttribute('aria-busy', String(!upToDate.value)));
    return () => {
      element.removeEventListener('wheel', onWheel);
      stop();
    };
  }, []);
  return (
    <canvas
      ref={canvas}
      class="lanes"
      tabIndex={0}
      role="img"
      aria-label="Who ran when. Arrow keys move between rows, N and P between switches, question mark lists all keys. The Table tab says the same in words."
      onDblClick={(event) => sendToWorker({ type: 'click', ...pointOf(event), focusEditor: true })}
      onPointerDown={onPointerDown}
      onPointerMove={(event) => {
        if (event.buttons === 0) sendToWorker({ type: 'hover', ...pointOf(event) });
      }}
      onPointerLeave={() => sendToWorker({ type: 'pointerLeave' })}
      onKeyDown={onKeyDown}
      onFocus={() => sendToHost({ type: 'focus', inPicture: true })}
      onBlur={() => sendToHost({ type: 'focus', inPicture: false })}
    />
  );
}

/** A point of the canvas in device pixels. */
function pointOf({ offsetX, offsetY }: MouseEvent): { readonly x: number; readonly y: number } {
  const ratio = window.devicePixelRatio;
  return { x: offsetX * ratio, y: offsetY * ratio };
}

/** Zooms with Ctrl, pans with Shift or sideways; else the rows scroll. */
function onWheel(event: WheelEvent): void {
  const unitPx = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? WHEEL_LINE_PX : 1;
  if (event.ctrlKey || event.metaKey) {
    event.preventDefault();
    const deltaPx = Math.max(-MAX_WHEEL_PX, Math.min(MAX_WHEEL_PX, event.deltaY * unitPx));
    sendToWorker({ type: 'zoom', px: pointOf(event).x, factor: Math.exp(deltaPx * WHEEL_ZOOM) });
  } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
    event.preventDefault();
    const delta = event.deltaX === 0 ? event.deltaY : event.deltaX;
    sendToWorker({ type: 'pan', px: Math.round(delta * unitPx * window.devicePixelRatio) });
  }
}

function onPointerDown(event: PointerEvent): void {
  if (event.button !== 0) return;
  if (event.shiftKey) return brush(event);
  const ratio = window.devicePixelRatio;
  let lastX = event.clientX;
  let moved = false;
  drag(event, {
    move({ clientX }) {
      if (!moved && Math.abs(clientX - lastX) < MIN_DRAG_PX) return;
      moved = true;
      sendToWorker({ type: 'pan', px: Math.round((lastX - clientX) * ratio) });
      lastX = clientX;
    },
    release() {
      if (!moved) sendToWorker({ type: 'click', ...pointOf(event), focusEditor: false });
    },
  });
}

/** A rectangle, drawn with Shift: what lies in it is brought into view. */
function brush(event: PointerEvent): void {
  const from = { x: event.offsetX, y: event.offsetY };
  const ratio = window.devicePixelRatio;
  const rectangle = (to: PointerEvent) => {
    const x = from.x + to.clientX - event.clientX;
    const y = from.y + to.clientY - event.clientY;
    return {
      left: Math.min(from.x, x),
      top: Math.min(from.y, y),
      width: Math.abs(x - from.x),
      height: Math.abs(y - from.y),
    };
  };
  drag(event, {
    move: (moved) => (brushed.value = rectangle(moved)),
    release(last) {
      const { left, top, width } = rectangle(last);
      if (width < MIN_DRAG_PX) return;
      const [fromX, toX, fromY] = [left * ratio, (left + width) * ratio, top * ratio];
      sendToWorker({ type: 'showRectangle', fromX, toX, fromY });
    },
    end: () => (brushed.value = null),
  });
}

function Brush() {
  const box = brushed.value;
  if (!box) return null;
  const { left, top, width, height } = box;
  return (
    <div
      class="brush"
      style={{ left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` }}
    />
  );
}

function onKeyDown(event: KeyboardEvent): void {
  const row = keyRow(event);
  if (!row || !ownsKeys.value) return;
  event.preventDefault();
  runAction(row.action);
}

/** The edge between tree and picture; arrow keys move it, too. */
function Splitter() {
  const setWidth = (px: number) => {
    const maxPx = window.innerWidth * MAX_TREE_SHARE;
    treePx.value = Math.round(Math.min(Math.max(px, MIN_TREE_PX), maxPx));
    saveState({ treePx: treePx.value });
  };
  return (
    <div
      class="splitter"
      role="separator"
      aria-orientation="vertical"
      aria-label="Width of the tree"
      aria-valuenow={treeWidthPx.value}
      tabIndex={0}
      onKeyDown={(event) => {
        if (event.key === 'ArrowLeft') setWidth(treeWidthPx.value - KEY_STEP_PX);
        if (event.key === 'ArrowRight') setWidth(treeWidthPx.value + KEY_STEP_PX);
      }}
      onPointerDown={(event) => {
        const startPx = treeWidthPx.value;
        const startX = event.clientX;
        drag(event, { move: ({ clientX }) => setWidth(startPx + clientX - startX) });
      }}
    />
  );
}
