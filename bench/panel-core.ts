/**
 * The panel's core alone, in this process, at 1 M and 10 M events on 200 rows: folding into
 * columns, memory per span, and the cost of a full redraw, of a pan and of a hit test. CPU time is
 * measured, because wall time means little on a busy machine. The peer walks the same spans
 * without a pyramid, as a viewer does that merges nothing.
 *
 *   npx tsc -b bench && node build/bench/panel-core.js
 */
import { PAGE_BITS, PAGE_SLOTS } from '../runtime/trace/columns/arena.ts';
import { CLASS_OF_CODE } from '../runtime/trace/columns/classes.ts';
import { Columns } from '../runtime/trace/columns/columns.ts';
import { cover, COVER_SHARES } from '../runtime/trace/columns/cover.ts';
import { Painter } from '../runtime/trace/columns/paint.ts';
import { Fold } from '../runtime/trace/fold/fold.ts';
import { Trace } from '../runtime/trace/model/trace.ts';
import { benchRecords } from './panel-records.ts';

const ROWS = 200;
const WIDTH = 1200;
const ROW_PX = 4;
const PAN_PX = 24;
const colors = {
  background: 0xff1e1e1e,
  run: 0xfff9a459,
  ready: 0xff00a7cc,
  blocked: 0xff005cea,
  idle: 0xff927f6b,
  mark: 0xff0f3d84,
  dots: 0xff000000,
};

function cpuMs(work: () => void, times: number): number {
  const all: number[] = [];
  for (let i = 0; i < times; i++) {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    all.push((user + system) / 1000);
  }
  return all.sort((a, b) => a - b)[times >> 1]!;
}

for (const events of [1_000_000, 10_000_000]) {
  const records = benchRecords(events, ROWS, 8);
  const trace = new Trace();
  const columns = new Columns(trace);
  const fold = new Fold([columns], trace);
  const foldMs = cpuMs(() => fold.feed(0, records), 1);
  const { rows } = columns;
  const endNs = fold.trace.endNs;
  const scale = { startNs: 0, nsPerPixel: endNs / WIDTH };
  const shares = new Float32Array((WIDTH + 1) * COVER_SHARES);
  const pixels = new Uint32Array(WIDTH * ROWS * ROW_PX);
  const painter = new Painter(colors);
  const paint = (from: number, to: number): void => {
    for (let row = 0; row < ROWS; row++) {
      cover(rows, row, scale, from, to, endNs, shares);
      painter.paintRow(pixels, WIDTH, row * ROW_PX, ROW_PX, shares, from, to, 0);
    }
  };
  const redraw = cpuMs(() => paint(0, WIDTH), 9);
  const coverOnly = cpuMs(() => {
    for (let row = 0; row < ROWS; row++) cover(rows, row, scale, 0, WIDTH, endNs, shares);
  }, 9);
  const pan = cpuMs(() => {
    for (let y = 0; y < ROWS * ROW_PX; y++) pixels.copyWithin(y * WIDTH, y * WIDTH + PAN_PX, (y + 1) * WIDTH);
    paint(WIDTH - PAN_PX, WIDTH);
  }, 21);
  const hits = cpuMs(() => {
    for (let i = 0; i < 10_000; i++)
      rows.span(i % ROWS, Math.max(0, rows.at(i % ROWS, (endNs / 10_000) * i)));
  }, 5);
  const walk = cpuMs(() => walkAll(columns, endNs, shares), 3);
  console.log(
    `${events / 1e6} M events: fold ${foldMs.toFixed(0)} ms · ${rows.spans} spans, ${(rows.bytes / rows.spans).toFixed(2)} B each\n` +
      `  full redraw of ${ROWS} rows ${redraw.toFixed(1)} ms, of which coverage ${coverOnly.toFixed(1)} (coverage without a pyramid ${walk.toFixed(0)} ms: ${(walk / coverOnly).toFixed(1)} ×)` +
      ` · pan by ${PAN_PX} px ${pan.toFixed(2)} ms · hit test ${(hits / 10).toFixed(2)} µs`,
  );
}

/** The peer: every span of every row, one after the other. */
function walkAll({ rows }: Columns, endNs: number, shares: Float32Array): void {
  const perNs = WIDTH / endNs;
  for (let row = 0; row < ROWS; row++) {
    shares.fill(0);
    const count = rows.count(row);
    let start = count > 0 ? rows.time(row, 0) : 0;
    for (let i = 0; i < count; i++) {
      const slot = rows.slot(row, i);
      const kind = CLASS_OF_CODE[rows.arena.pages[slot >>> PAGE_BITS]!.code[slot & (PAGE_SLOTS - 1)]!]!;
      const end = i + 1 < count ? rows.time(row, i + 1) : endNs;
      const at = Math.min(WIDTH - 1, Math.floor(start * perNs)) * COVER_SHARES + Math.max(0, kind - 1);
      shares[at] = shares[at]! + (end - start) * perNs;
      start = end;
    }
  }
}
