/**
 * The three canvases that the page handed over, and their colours. One call draws them all; until
 * the page has sent the theme, nothing is drawn.
 */
import type { CanvasName, Theme } from '../messages.ts';
import { paletteOf } from './picture/colors.ts';
import { LanesPicture } from './picture/lanes-picture.ts';
import type { Scene } from './layers/layer.ts';
import { LAYERS } from './layers/layers.ts';
import { Minimap } from './picture/minimap.ts';
import { drawRuler } from './picture/ruler.ts';

/** What must be drawn again, though nothing changes. */
export interface RedrawDemand {
  /** The picture is coarse: it wants the next frame. */
  readonly atOnce: boolean;
  /** The minimap is behind the trace and wants a frame in so many milliseconds; 0: it is not. */
  readonly inMs: number;
}

export class Canvases {
  /** Device pixels per CSS pixel. */
  ratio = 1;
  #lanes: LanesPicture | null = null;
  #minimap: Minimap | null = null;
  #ruler: OffscreenCanvasRenderingContext2D | null = null;
  #theme: Theme | null = null;
  /** What the ruler was drawn from; '': it is to be drawn. */
  #drawnRuler = '';

  attach(name: CanvasName, canvas: OffscreenCanvas): void {
    switch (name) {
      case 'lanes':
        this.#lanes = new LanesPicture(canvas);
        if (this.#theme) this.#lanes.palette = paletteOf(this.#theme);
        return;
      case 'minimap':
        this.#minimap = new Minimap(canvas);
        return;
      case 'ruler':
        this.#ruler = canvas.getContext('2d', { alpha: false });
        return;
    }
  }

  setTheme(theme: Theme): void {
    this.#theme = theme;
    this.#drawnRuler = '';
    if (this.#lanes) this.#lanes.palette = paletteOf(theme);
  }

  /** In device pixels. */
  resize(name: CanvasName, width: number, height: number): void {
    if (name === 'lanes') {
      this.#lanes?.resize(width, height);
      return;
    }
    const canvas = name === 'minimap' ? this.#minimap?.context.canvas : this.#ruler?.canvas;
    if (!canvas) return;
    // Also where they stay as they are: the canvas is empty afterwards.
    canvas.width = width;
    canvas.height = height;
    this.#minimap?.invalidate();
    this.#drawnRuler = '';
  }

  draw(scene: Scene, nowMs: number): RedrawDemand {
    const theme = this.#theme;
    if (!theme) return { atOnce: false, inMs: 0 };
    const { ratio } = this;
    const { session, view } = scene;
    let isCoarse = false;
    if (this.#lanes) {
      const { context, width, height } = this.#lanes;
      isCoarse = this.#lanes.draw({ session, view, topPx: scene.topPx, ratio });
      const layerScene = { ...scene, context, theme, ratio, width, height };
      for (const drawLayer of LAYERS) drawLayer(layerScene);
    }
    this.#drawRulerIfChanged(scene, theme);
    const inMs = this.#minimap?.draw(session, view, theme, ratio, nowMs) ?? 0;
    return { atOnce: isCoarse, inMs };
  }

  /** A canvas that is drawn goes to the screen, whether or not it looks different. */
  #drawRulerIfChanged({ session, view, cursorPx }: Scene, theme: Theme): void {
    if (!this.#ruler) return;
    const { ratio } = this;
    const zeroNs = session.trace.events === 0 ? null : session.firstNs;
    const { marks } = session;
    const from = [view.startNs, view.nsPerPixel, zeroNs, ratio, cursorPx, marks].join(' ');
    if (from === this.#drawnRuler) return;
    this.#drawnRuler = from;
    drawRuler(this.#ruler, { view, zeroNs, theme, ratio, cursorPx, marks });
  }
}
