/**
 * The canvases, and the pointer and keys over them. They are drawn by the worker; here they only learn
 * their size and pass on what is done to them. Rows scroll natively: the tree and the canvas stick in a box of the rows' whole height.
 */
import { effect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { CanvasName } from '../messages.ts';
import { keep } from './host.ts';
import { keyRow } from './keys.ts';
import { act, giveCanvas, toWorker } from './panel-link.ts';
import * as state from './state.ts';
import { Tree } from './tree.tsx';

const WHEEL_ZOOM = 0.0022;
const DRAG_FROM_PX = 3;
const BRUSH_FROM_PX = 3;

export const focusPicture = (): void => document.querySelector<HTMLElement>('.lanes')?.focus();

/** A canvas that the worker draws. The element is given away once, and never again. */
function useCanvas(name: CanvasName) {
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const canvas = ref.current!;
    giveCanvas(name, canvas);
    const size = () => {
      const { width, height } = canvas.getBoundingClientRect();
      toWorker({ type: 'size', name, width, height, ratio: window.devicePixelRatio });
    };
    const observer = new ResizeObserver(size);
    observer.observe(canvas);
    // Moving the window to another screen changes the ratio, not the size.
    window.addEventListener('resize', size);
    return () => {
      observer.disconnect();
      window.removeEventListener('resize', size);
    };
  }, []);
  return ref;
}

export function Minimap() {
  const canvas = useCanvas('minimap');
  const share = (event: PointerEvent): number => {
    const box = canvas.current!.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
  };
  const press = (event: PointerEvent) => {
    const from = share(event);
    const startPx = event.clientX;
    drag(
      event,
      () => undefined,
      (end) => {
        const to = share(end);
        if (Math.abs(end.clientX - startPx) >= BRUSH_FROM_PX) {
          toWorker({ type: 'range', fromShare: Math.min(from, to), toShare: Math.max(from, to) });
          return;
        }
        // A click brings this moment to the middle.
        const status = state.status.value;
        if (!status) return;
        const half =
          (status.endNs - status.startNs) / Math.max(1, (status.traceEndNs - status.firstNs) * 1.03) / 2;
        toWorker({ type: 'range', fromShare: from - half, toShare: from + half });
      },
    );
  };
  return (
    <div class="strip minimap">
      <div class="strip-label" style={{ width: `${state.treePx.value}px` }}>
        <Legend />
      </div>
      <canvas ref={canvas} onPointerDown={press} aria-hidden="true" />
    </div>
  );
}

function Legend() {
  return (
    <span class="legend">
      <span>
        <i class="swatch run" /> runs
      </span>
      <span>
        <i class="swatch ready" /> ready
      </span>
      <span title="Waits for another task, a lock, a queue, or for something of which it is not known (yet) what will end it">
        <i class="swatch blocked" /> waits for others
      </span>
      <span title="Waits for the world: a timer, I/O, a signal">
        <i class="swatch idle" /> I/O, timers
      </span>
    </span>
  );
}

export function Ruler() {
  const canvas = useCanvas('ruler');
  return (
    <div class="strip ruler">
      <div class="strip-label" style={{ width: `${state.treePx.value}px` }} />
      <canvas ref={canvas} aria-hidden="true" />
    </div>
  );
}

export function Rows() {
  const scroller = useRef<HTMLDivElement>(null);
  const canvas = useCanvas('lanes');
  useEffect(() => {
    const element = canvas.current!;
    // Not passive: a zoom must not also scroll.
    const wheel = (event: WheelEvent) => {
      const ratio = window.devicePixelRatio;
      const unit = event.deltaMode === 1 ? 16 : 1;
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        const factor = Math.exp(Math.max(-120, Math.min(120, event.deltaY * unit)) * WHEEL_ZOOM * 2);
        toWorker({ type: 'zoom', px: event.offsetX * ratio, factor });
      } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        event.preventDefault();
        const delta = event.deltaX === 0 ? event.deltaY : event.deltaX;
        toWorker({ type: 'pan', px: Math.round(delta * unit * ratio) });
      }
    };
    element.addEventListener('wheel', wheel, { passive: false });
    // By hand: it changes with every move of the pointer, and nothing else has to be rendered for it.
    const stop = effect(() => element.setAttribute('aria-busy', String(!state.atRest.value)));
    return () => {
      element.removeEventListener('wheel', wheel);
      stop();
    };
  }, []);

  const press = (event: PointerEvent) => {
    if (event.button !== 0) return;
    const ratio = window.devicePixelRatio;
    let last = event.clientX;
    let moved = false;
    drag(
      event,
      (move) => {
        if (!moved && Math.abs(move.clientX - last) < DRAG_FROM_PX) return;
        moved = true;
        toWorker({ type: 'pan', px: Math.round((last - move.clientX) * ratio) });
        last = move.clientX;
      },
      () => {
        if (moved) return;
        toWorker({
          type: 'press',
          x: event.offsetX * ratio,
          y: event.offsetY * ratio,
          focusEditor: false,
        });
      },
    );
  };
  const open = (event: MouseEvent) => {
    const ratio = window.devicePixelRatio;
    toWorker({ type: 'press', x: event.offsetX * ratio, y: event.offsetY * ratio, focusEditor: true });
  };
  const hover = (event: PointerEvent) => {
    if (event.buttons !== 0) return;
    const ratio = window.devicePixelRatio;
    toWorker({ type: 'hover', x: event.offsetX * ratio, y: event.offsetY * ratio });
  };
  const key = (event: KeyboardEvent) => {
    const row = keyRow(event);
    if (!row) return;
    event.preventDefault();
    if (row.action === 'search') state.searchOpen.value = true;
    else if (row.action === 'help') state.helpOpen.value = true;
    else act(row.action);
  };
  return (
    <div
      class="rows"
      ref={scroller}
      onScroll={() => toWorker({ type: 'scroll', top: scroller.current!.scrollTop })}
    >
      <div class="content" style={{ height: `${state.tree.value.total}px` }}>
        <div class="viewport">
          <Tree />
          <Split />
          <div class="picture">
            <canvas
              ref={canvas}
              class="lanes"
              tabIndex={0}
              role="img"
              aria-label="Who ran when. Arrow keys move between rows, N and P between switches, question mark lists all keys. The Table tab says the same in words."
              onDblClick={open}
              onPointerDown={press}
              onPointerMove={hover}
              onPointerLeave={() => toWorker({ type: 'leave' })}
              onKeyDown={key}
            />
            <Tip />
          </div>
        </div>
      </div>
    </div>
  );
}

function Tip() {
  const tip = state.tip.value;
  if (!tip) return null;
  const ratio = window.devicePixelRatio;
  const room = document.querySelector('.picture')?.getBoundingClientRect();
  const x = tip.x / ratio;
  const y = tip.y / ratio;
  const flip = room !== undefined && x > room.width - 280;
  const above = room !== undefined && y > room.height - 60;
  return (
    <div
      class="tip"
      style={{
        left: flip ? 'auto' : `${x + 12}px`,
        right: flip ? `${(room?.width ?? 0) - x + 12}px` : 'auto',
        top: above ? 'auto' : `${y + 16}px`,
        bottom: above ? `${(room?.height ?? 0) - y + 8}px` : 'auto',
      }}
    >
      {tip.lines.map((line, i) => (
        <div key={i}>{line}</div>
      ))}
    </div>
  );
}

/** Between tree and picture; arrow keys move it too. */
function Split() {
  const set = (px: number) => {
    state.treePx.value = Math.round(Math.min(Math.max(px, 120), window.innerWidth * 0.6));
    keep({ treePx: state.treePx.value });
  };
  return (
    <div
      class="split"
      role="separator"
      aria-orientation="vertical"
      aria-label="Width of the tree"
      aria-valuenow={state.treePx.value}
      tabIndex={0}
      onKeyDown={(event) => {
        if (event.key === 'ArrowLeft') set(state.treePx.value - 16);
        if (event.key === 'ArrowRight') set(state.treePx.value + 16);
      }}
      onPointerDown={(event) => {
        const from = state.treePx.value;
        const startPx = event.clientX;
        drag(
          event,
          (move) => set(from + move.clientX - startPx),
          () => undefined,
        );
      }}
    />
  );
}

/** One press and what follows until the release, wherever the pointer goes. */
export function drag(
  event: PointerEvent,
  move: (event: PointerEvent) => void,
  end: (event: PointerEvent) => void,
): void {
  const element = event.currentTarget as HTMLElement;
  element.setPointerCapture(event.pointerId);
  const stop = (last: PointerEvent) => {
    element.removeEventListener('pointermove', move);
    element.removeEventListener('pointerup', stop);
    element.removeEventListener('pointercancel', stop);
    if (last.type === 'pointerup') end(last);
  };
  element.addEventListener('pointermove', move);
  element.addEventListener('pointerup', stop);
  element.addEventListener('pointercancel', stop);
}
