/**
 * Coverage: which share of each pixel's time a row spent running, ready, blocked and idle. The walk
 * takes the largest node that begins here and ends in the same pixel, so its cost follows the
 * number of pixels and not the number of spans. A span that covers many pixels is filled in at
 * once.
 */
import { CHUNK_SLOTS, FAR_END, NODE_SHARES, PAGE_BITS, PAGE_SLOTS } from './arena.ts';
import { CLASS_OF_CODE } from './classes.ts';
import { LATE, type Tracks } from './tracks.ts';

const MASK = PAGE_SLOTS - 1;
const FULL = 65_535;
const TWO_32 = 4_294_967_296;
/**
 * Shares a pixel: run, ready, blocked, idle. What is missing to 1 is time before or after the row.
 */
export const COVER_SHARES = 4;

export interface Scale {
  /** Left edge of pixel 0. */
  readonly startNs: number;
  readonly nsPerPixel: number;
}

/**
 * Sums up coverage: for which share of each pixel the row was in each class. A node of the pyramid
 * holds the shares of 8, 64 or 512 spans (arena.ts).
 *
 * Writes `out[4 · pixel + class − 1]` for pixels `from` … `to` − 1. `out` has room for one pixel
 * more, which holds nothing of use. The row's last span is drawn up to `endNs`. `rest` is the class
 * of the time that no node counts (idle for tasks, none for lanes). `blur`: a node that lies across
 * two pixels and is no longer than this part of a pixel is divided between them by time, not by its
 * spans. That is four times faster where spans are tiny, and cannot be seen. 0: exact.
 */
export function cover(
  tracks: Tracks,
  row: number,
  scale: Scale,
  from: number,
  to: number,
  endNs: number,
  out: Float32Array,
  rest: 0 | 4 = 4,
  blur = 0.5,
): void {
  out.fill(0, from * COVER_SHARES, to * COVER_SHARES);
  const count = tracks.count(row);
  if (count === 0) return;
  const { startNs, nsPerPixel } = scale;
  const perNs = 1 / nsPerPixel;
  const perUnit = perNs / FULL;
  const blurNs = nsPerPixel * blur;
  const stopNs = startNs + to * nsPerPixel;
  const junk = to * COVER_SHARES;
  const { pages } = tracks.arena;
  // From the beginning of the node, so that a strip of the picture is drawn as the whole would be.
  let index = Math.max(0, tracks.at(row, startNs + from * nsPerPixel)) & ~7;
  let t = tracks.time(row, index);
  let pixel = Math.floor((t - startNs) * perNs);
  let edge = startNs + (pixel + 1) * nsPerPixel;
  // The chunk at hand, so that the inner loop reads plain arrays.
  let chunkFrom = -1;
  let chunkSlot = 0;
  let base = 0;
  let page = pages[0]!;
  while (index < count && t < stopNs) {
    if ((index & -CHUNK_SLOTS) !== chunkFrom) {
      chunkFrom = index & -CHUNK_SLOTS;
      chunkSlot = tracks.slot(row, chunkFrom);
      base = tracks.baseOf(row, chunkFrom);
      page = pages[chunkSlot >>> PAGE_BITS]!;
    }
    let slot = chunkSlot + index - chunkFrom;
    let o = pixel < from ? junk : pixel * COVER_SHARES;

    // Short nodes, one after the other, summed in registers. Where spans are tiny this loop is all
    // the work. Each node is the largest that begins here and is short enough: a few steps a pixel
    // at any zoom.
    if ((index & 7) === 0) {
      const { ends } = page;
      const [lowest, middle, highest] = page.nodes;
      const first = slot & MASK;
      const stop = (chunkSlot & MASK) + Math.min(CHUNK_SLOTS, (count - chunkFrom - 1) & -8);
      let at = first;
      let fromNs = t;
      let run = 0;
      let ready = 0;
      let blocked = 0;
      while (at < stop) {
        let nodes = lowest;
        let n = (at >>> 3) * NODE_SHARES;
        let size = 8;
        let end = ends[at >>> 3]!;
        if ((at & 63) === 0 && at + 64 <= stop) {
          const shortNs = Math.max(edge, t + blurNs) - base;
          const end64 = ends[(at >>> 3) + 7]!;
          if (end64 < shortNs && end64 !== FAR_END) {
            nodes = middle;
            n = (at >>> 6) * NODE_SHARES;
            size = 64;
            end = end64;
            if ((at & 511) === 0 && at + 512 <= stop) {
              const end512 = ends[(at >>> 3) + 63]!;
              if (end512 < shortNs && end512 !== FAR_END) {
                nodes = highest;
                n = (at >>> 9) * NODE_SHARES;
                size = 512;
                end = end512;
              }
            }
          }
        }
        if (end === FAR_END) break;
        const nodeEnd = base + end;
        if (nodeEnd < edge) {
          const ns = nodeEnd - t;
          run += nodes[n]! * ns;
          ready += nodes[n + 1]! * ns;
          blocked += nodes[n + 2]! * ns;
        } else {
          if (nodeEnd - t > blurNs || nodeEnd >= edge + nsPerPixel) break;
          const here = edge - t;
          run += nodes[n]! * here;
          ready += nodes[n + 1]! * here;
          blocked += nodes[n + 2]! * here;
          out[o] = out[o]! + run * perUnit;
          out[o + 1] = out[o + 1]! + ready * perUnit;
          out[o + 2] = out[o + 2]! + blocked * perUnit;
          if (rest !== 0)
            out[o + 3] = out[o + 3]! + (FULL * (edge - fromNs) - run - ready - blocked) * perUnit;
          const over = nodeEnd - edge;
          run = nodes[n]! * over;
          ready = nodes[n + 1]! * over;
          blocked = nodes[n + 2]! * over;
          fromNs = edge;
          pixel++;
          o = pixel < from || pixel >= to ? junk : pixel * COVER_SHARES;
          edge = startNs + (pixel + 1) * nsPerPixel;
          if (edge > stopNs + nsPerPixel) {
            t = nodeEnd;
            at += size;
            break;
          }
        }
        t = nodeEnd;
        at += size;
      }
      if (at !== first || fromNs !== t) {
        out[o] = out[o]! + run * perUnit;
        out[o + 1] = out[o + 1]! + ready * perUnit;
        out[o + 2] = out[o + 2]! + blocked * perUnit;
        if (rest !== 0) out[o + 3] = out[o + 3]! + (FULL * (t - fromNs) - run - ready - blocked) * perUnit;
        if (pixel >= to) return;
      }
      if (at !== first) {
        index += at - first;
        if (index >= chunkFrom + CHUNK_SLOTS || t >= stopNs) continue;
        slot += at - first;
      }
    }

    if ((index & 7) === 0 && index + 8 < count) {
      const inside = index - chunkFrom + 8 < CHUNK_SLOTS;
      let nodeEnd = inside ? tracks.timeAt(page, slot + 8, base) : tracks.time(row, index + 8);
      if (nodeEnd <= edge || nodeEnd - t <= blurNs) {
        let size = 8;
        let nodes = page.nodes[0];
        let at = ((slot & MASK) >>> 3) * NODE_SHARES;
        if (nodeEnd <= edge && (index & 63) === 0) {
          // The largest node that ends in this pixel.
          let level = 0;
          for (let next = 64; index % next === 0 && index + next < count; next *= 8) {
            const nextEnd = tracks.time(row, index + next);
            if (nextEnd > edge) break;
            nodeEnd = nextEnd;
            size = next;
            level++;
          }
          if (level > 0) {
            nodes = tracks.nodes(row, index, level);
            at = tracks.nodeAt(row, index, level);
          }
        }
        const run = nodes[at]!;
        const ready = nodes[at + 1]!;
        const blocked = nodes[at + 2]!;
        const others = rest === 0 ? 0 : FULL - run - ready - blocked;
        const here = ((Math.min(nodeEnd, edge) - t) * perNs) / FULL;
        out[o] = out[o]! + run * here;
        out[o + 1] = out[o + 1]! + ready * here;
        out[o + 2] = out[o + 2]! + blocked * here;
        out[o + 3] = out[o + 3]! + others * here;
        if (nodeEnd >= edge) {
          const over = ((nodeEnd - edge) * perNs) / FULL;
          pixel++;
          edge = startNs + (pixel + 1) * nsPerPixel;
          if (over > 0 && pixel < to && pixel >= from) {
            const n = pixel * COVER_SHARES;
            out[n] = run * over;
            out[n + 1] = ready * over;
            out[n + 2] = blocked * over;
            out[n + 3] = others * over;
          }
        }
        t = nodeEnd;
        index += size;
        continue;
      }
    }

    // Short spans up to the next node or pixel, likewise.
    {
      const { low, high, code } = page;
      const first = slot & MASK;
      const stop = (chunkSlot & MASK) + Math.min(CHUNK_SLOTS, count - chunkFrom) - 1;
      let at = first;
      while (at < stop) {
        const h = high[at + 1]!;
        if (h === LATE) break;
        const end = base + h * TWO_32 + low[at + 1]!;
        if (end >= edge) break;
        const kind = CLASS_OF_CODE[code[at]!]!;
        const mark = kind === 0 ? junk : o + kind - 1;
        out[mark] = out[mark]! + (end - t) * perNs;
        t = end;
        at++;
        if ((at & 7) === 0) break;
      }
      if (at !== first) {
        index += at - first;
        if ((index & 7) === 0) continue;
        slot += at - first;
      }
    }

    const last = index + 1 === count;
    const inside = index - chunkFrom + 1 < CHUNK_SLOTS;
    const endsNs = last ? endNs : inside ? tracks.timeAt(page, slot + 1, base) : tracks.time(row, index + 1);
    const kind = CLASS_OF_CODE[page.code[slot & MASK]!]!;
    if (last && (endsNs <= t || kind === 0)) return;
    const end = endsNs > stopNs ? stopNs : endsNs;
    // A class of 0 leaves no mark: what it adds goes where nobody looks.
    const mark = kind === 0 ? junk : o + kind - 1;
    if (end < edge) {
      out[mark] = out[mark]! + (end - t) * perNs;
    } else {
      // The rest of this pixel, whole pixels, and the beginning of the last one.
      out[mark] = out[mark]! + (edge - t) * perNs;
      const lastPixel = Math.max(pixel + 1, Math.floor((end - startNs) * perNs));
      if (kind !== 0) {
        const full = Math.min(to, lastPixel);
        for (let p = Math.max(pixel + 1, from); p < full; p++) out[p * COVER_SHARES + kind - 1] = 1;
        const over = (end - startNs) * perNs - lastPixel;
        if (over > 0 && lastPixel < to && lastPixel >= from) out[lastPixel * COVER_SHARES + kind - 1] = over;
      }
      pixel = lastPixel;
      edge = startNs + (pixel + 1) * nsPerPixel;
    }
    t = end;
    index++;
  }
}
