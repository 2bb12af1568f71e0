/**
 * From shares to pixels. A row of the picture is one line of pixels, computed in three variants and
 * then repeated: what stands at full height (run, blocked), what joins in the middle 60 % (ready),
 * what joins in the thin line in the centre (idle). So a mixed pixel shows its mixture, and a pure
 * one its second cue:
 *
 *   ████  run: full height        ▒▒▒▒  ready: 60 %, dotted on top
 *   ╱╱╱╱  blocked: hatched        ────  idle (time, I/O): thin line
 *
 * A pixel in which the row ran for a part of the time has a bar from the bottom, as high as that
 * part, over what the row did in the rest: a thread that ran for 0.2 % of the time is not solid.
 *
 * Pure: numbers in, Uint32 pixels (ABGR, as ImageData on a little-endian machine) out.
 */
import { COVER_SHARES } from './cover.ts';

export interface Palette {
  readonly background: number;
  readonly run: number;
  readonly ready: number;
  readonly blocked: number;
  readonly idle: number;
  /** Stripes over blocked. */
  readonly mark: number;
  /** Dots over ready. */
  readonly dots: number;
}

/** Hatch begins where so many pixels in a line are blocked throughout. */
export const HATCH_FROM_PX = 6;
const HATCH_PERIOD = 8;
const PURE = 0.98;
/** The least part of the height that the bar of a run has, however short the run. */
const MIN_RUN_HEIGHT = 0.15;
const MIN_RUN_PX = 2;
/** Where there is no bar. */
const NO_BAR = 65_535;
/** A low row has one band: there the run's colour has at least this share. */
const MIN_RUN_SHARE = 0.3;

export interface Bands {
  readonly top: number;
  readonly bottom: number;
  readonly readyTop: number;
  readonly readyBottom: number;
  readonly lineTop: number;
  readonly lineBottom: number;
}

/** The bands of a row of this height, in pixels from its top. Below 6 px there is one band. */
export function bandsOf(height: number): Bands {
  if (height < 6) {
    const bottom = height > 2 ? height - 1 : height;
    return { top: 0, bottom, readyTop: 0, readyBottom: bottom, lineTop: 0, lineBottom: bottom };
  }
  const gap = Math.max(1, Math.round(height / 9));
  const bar = height - 2 * gap;
  const ready = Math.round(bar * 0.6);
  const line = Math.max(1, Math.round(height / 9));
  const readyTop = gap + Math.round((bar - ready) / 2);
  const lineTop = gap + Math.round((bar - line) / 2);
  return {
    top: gap,
    bottom: height - gap,
    readyTop,
    readyBottom: readyTop + ready,
    lineTop,
    lineBottom: lineTop + line,
  };
}

export class Painter {
  #palette!: Palette;
  #full = new Uint32Array(0);
  #middle = new Uint32Array(0);
  #line = new Uint32Array(0);
  /** 1: hatched; 2: dotted on top. */
  #cue = new Uint8Array(0);
  /** In which line of the row the bar of a part-time run begins. */
  #barTop = new Uint16Array(0);
  /** The highest of them. */
  #highestBar = NO_BAR;
  #mix!: (run: number, ready: number, blocked: number, idle: number) => number;

  constructor(palette: Palette) {
    this.palette = palette;
  }

  get palette(): Palette {
    return this.#palette;
  }

  set palette(palette: Palette) {
    this.#palette = palette;
    this.#mix = makeColorMixer(palette);
  }

  /**
   * Paints pixels `from` … `to` − 1 of one row at `top`, `height` lines of `width` pixels.
   * @param shares of pixels 0 … width − 1, four each (see cover.ts); six pixels on either side of
   *   the strip must be filled too.
   * @param phase number of pixel 0 in all of time, so that patterns move with what they mark.
   */
  paintRow(
    pixels: Uint32Array,
    width: number,
    top: number,
    height: number,
    shares: Float32Array,
    from: number,
    to: number,
    phase: number,
  ): void {
    if (this.#full.length < width) this.#room(width);
    const bands = bandsOf(height);
    const { background } = this.#palette;
    const hasCue = this.#compute(shares, width, from, to, height >= 6 ? bands : null);
    const lines = pixels.length / width;
    for (let y = 0; y < height; y++) {
      const line = top + y;
      if (line < 0 || line >= lines) continue;
      const at = line * width;
      if (y < bands.top || y >= bands.bottom) {
        pixels.fill(background, at + from, at + to);
        continue;
      }
      const source =
        y >= bands.lineTop && y < bands.lineBottom
          ? this.#line
          : y >= bands.readyTop && y < bands.readyBottom
            ? this.#middle
            : this.#full;
      pixels.set(source.subarray(from, to), at + from);
      if (hasCue) this.#mark(pixels, at, from, to, y, y === bands.readyTop, phase);
      if (y >= this.#highestBar) this.#drawBars(pixels, at, from, to, y);
    }
  }

  /** @param bands null: the row is too low for any. @returns whether there is a cue to draw */
  #compute(shares: Float32Array, width: number, from: number, to: number, bands: Bands | null): boolean {
    const { background, run, blocked, idle, ready } = this.#palette;
    const mix = this.#mix;
    const full = this.#full;
    const middle = this.#middle;
    const line = this.#line;
    const cue = this.#cue;
    const barTop = this.#barTop;
    const cues = bands !== null;
    const barPx = bands === null ? 0 : bands.bottom - bands.top;
    const minBarPx = Math.min(barPx, Math.max(MIN_RUN_PX, Math.round(barPx * MIN_RUN_HEIGHT)));
    let hasCue = false;
    let highest = NO_BAR;
    for (let x = from; x < to; x++) {
      const o = x * COVER_SHARES;
      let r = shares[o]!;
      let y = shares[o + 1]!;
      let b = shares[o + 2]!;
      let i = shares[o + 3]!;
      cue[x] = 0;
      barTop[x] = NO_BAR;
      if (bands !== null && r > 0 && r < PURE) {
        // The bar tells of the run; what is above it, what the rest of the time was.
        const top = bands.bottom - Math.max(minBarPx, Math.round(r * barPx));
        barTop[x] = top;
        if (top < highest) highest = top;
        const perRest = 1 / (1 - r);
        r = 0;
        y = Math.min(1, y * perRest);
        b = Math.min(1, b * perRest);
        i = Math.min(1, i * perRest);
      }
      if (r >= PURE) {
        full[x] = middle[x] = line[x] = run;
      } else if (b >= PURE && r === 0) {
        full[x] = middle[x] = line[x] = blocked;
        if (cues && isWide(shares, x, width)) {
          cue[x] = 1;
          hasCue = true;
        }
      } else if (i >= PURE && r === 0) {
        full[x] = middle[x] = background;
        line[x] = idle;
      } else if (y >= PURE && r === 0) {
        full[x] = background;
        middle[x] = line[x] = ready;
        if (cues) {
          cue[x] = 2;
          hasCue = true;
        }
      } else if (r + y + b + i === 0) {
        full[x] = middle[x] = line[x] = background;
      } else {
        // Often two of the three, or all, are the same; a low row has only the last.
        line[x] = mix(r, y, b, i);
        if (!cues) continue;
        middle[x] = i === 0 ? line[x]! : mix(r, y, b, 0);
        full[x] = y === 0 ? middle[x]! : mix(r, 0, b, 0);
      }
    }
    this.#highestBar = highest;
    return hasCue;
  }

  #drawBars(pixels: Uint32Array, at: number, from: number, to: number, y: number): void {
    const { run } = this.#palette;
    const barTop = this.#barTop;
    for (let x = from; x < to; x++) if (barTop[x]! <= y) pixels[at + x] = run;
  }

  #mark(
    pixels: Uint32Array,
    at: number,
    from: number,
    to: number,
    y: number,
    dots: boolean,
    phase: number,
  ): void {
    const { mark, dots: dot } = this.#palette;
    const cue = this.#cue;
    for (let x = from; x < to; x++) {
      if (cue[x] === 1) {
        if (modulo(x + phase + y, HATCH_PERIOD) < 2) pixels[at + x] = mark;
      } else if (cue[x] === 2 && dots && modulo(x + phase, 4) < 2) pixels[at + x] = dot;
    }
  }

  #room(width: number): void {
    this.#full = new Uint32Array(width);
    this.#middle = new Uint32Array(width);
    this.#line = new Uint32Array(width);
    this.#cue = new Uint8Array(width);
    this.#barTop = new Uint16Array(width);
  }
}

const modulo = (n: number, by: number): number => ((n % by) + by) % by;

/** Whether pixel x stands in a line of at least `HATCH_FROM_PX` blocked ones. */
function isWide(shares: Float32Array, x: number, width: number): boolean {
  let n = 1;
  for (let p = x - 1; p >= 0 && n < HATCH_FROM_PX && shares[p * COVER_SHARES + 2]! >= PURE; p--) n++;
  for (let p = x + 1; p < width && n < HATCH_FROM_PX && shares[p * COVER_SHARES + 2]! >= PURE; p++) n++;
  return n >= HATCH_FROM_PX;
}

/** A pixel's colour from shares: what they leave is background. */
function makeColorMixer(
  palette: Palette,
): (run: number, ready: number, blocked: number, idle: number) => number {
  const channels = (color: number) => [color & 255, (color >> 8) & 255, (color >> 16) & 255] as const;
  const [br, bg, bb] = channels(palette.background);
  const delta = (color: number) => {
    const [r, g, b] = channels(color);
    return [r - br, g - bg, b - bb] as const;
  };
  const [rr, rg, rb] = delta(palette.run);
  const [yr, yg, yb] = delta(palette.ready);
  const [kr, kg, kb] = delta(palette.blocked);
  const [ir, ig, ib] = delta(palette.idle);
  return (run, ready, blocked, idle) => {
    let others = 1;
    if (run > 0) {
      const shown = MIN_RUN_SHARE + (1 - MIN_RUN_SHARE) * run;
      others = run < 1 ? (1 - shown) / (1 - run) : 1;
      run = shown;
    }
    ready *= others;
    blocked *= others;
    idle *= others;
    const r = br + run * rr + ready * yr + blocked * kr + idle * ir;
    const g = bg + run * rg + ready * yg + blocked * kg + idle * ig;
    const b = bb + run * rb + ready * yb + blocked * kb + idle * ib;
    // Shares add up to at most 1, so each sum lies between two colours: rounding suffices.
    return (0xff000000 | ((b + 0.5) << 16) | ((g + 0.5) << 8) | (r + 0.5)) >>> 0;
  };
}
