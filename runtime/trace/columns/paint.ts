/**
 * From shares to pixels. A row of the picture is one line of pixels, computed in three variants and
 * then repeated: what stands at full height (run, blocked), what joins in the middle 60 % (ready),
 * what joins in the thin line in the centre (idle). So a mixed pixel shows its mixture, and a pure
 * one its second cue:
 *
 *   ████  run: full height        ▒▒▒▒  ready: 60 %, dotted on top
 *   ╱╱╱╱  blocked: hatched        ────  idle (time, I/O): thin line
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
  /** Stripes over blocked, dots over ready. */
  readonly mark: number;
}

/** Hatch begins where so many pixels in a line are blocked throughout. */
export const HATCH_FROM_PX = 6;
const HATCH_PERIOD = 8;
const PURE = 0.98;
/** A pixel in which a row ran at all has this much of the run colour, however short the run. */
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
    const hasCue = this.#compute(shares, width, from, to, height >= 6);
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
    }
  }

  #compute(shares: Float32Array, width: number, from: number, to: number, cues: boolean): boolean {
    const { background, run, blocked, idle, ready } = this.#palette;
    const mix = this.#mix;
    const full = this.#full;
    const middle = this.#middle;
    const line = this.#line;
    const cue = this.#cue;
    let hasCue = false;
    for (let x = from; x < to; x++) {
      const o = x * COVER_SHARES;
      const r = shares[o]!;
      const y = shares[o + 1]!;
      const b = shares[o + 2]!;
      const i = shares[o + 3]!;
      cue[x] = 0;
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
    return hasCue;
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
    const { mark } = this.#palette;
    const cue = this.#cue;
    for (let x = from; x < to; x++) {
      if (cue[x] === 1) {
        if (modulo(x + phase + y, HATCH_PERIOD) < 2) pixels[at + x] = mark;
      } else if (cue[x] === 2 && dots && modulo(x + phase, 4) < 2) pixels[at + x] = mark;
    }
  }

  #room(width: number): void {
    this.#full = new Uint32Array(width);
    this.#middle = new Uint32Array(width);
    this.#line = new Uint32Array(width);
    this.#cue = new Uint8Array(width);
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
