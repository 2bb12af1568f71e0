/**
 * Opening, panning and zooming in real Chromium, on the built panel (dist/panel.js). Blocks are
 * sent on credit, as the host sends them. Then the page's own keys pan and zoom the view while the
 * frames of the page and of the worker are counted.
 *
 *   npx tsc -b bench test && node esbuild.mjs && node build/bench/panel-draw.js [millions]
 *
 * The peer is speedscope in the same Chromium, with a million events in one lane. speedscope.ts
 * says where it comes from.
 */
import { encodeBlock } from '../runtime/trace/format/compact.ts';
import { RECORD_BYTES } from '../runtime/trace/format/layout.ts';
import { SAVED_BLOCK_RECORDS } from '../runtime/trace/format/trace-file.ts';
import { closeBrowser, openPanel } from '../test/browser/harness.ts';
import { benchRecords } from './panel-records.ts';
import { median, printTable } from './report.ts';
import { measureSpeedscope } from './speedscope.ts';

const ROWS = 200;
/** As a saved trace holds them and the host sends them. */
const BLOCK_RECORDS = SAVED_BLOCK_RECORDS;
const MILLIONS = process.argv
  .slice(2)
  .map(Number)
  .filter((n) => n > 0);

for (const millions of MILLIONS.length > 0 ? MILLIONS : [1, 10]) {
  const records = benchRecords(millions * 1e6, ROWS, 8);
  // Two hundred rows of 4 px fill the picture of this window.
  const panel = await openPanel({ theme: 'dark', size: { width: 1440, height: 1100 } });
  await panel.received('ready');
  const blocks: string[] = [];
  for (let at = 0; at < records.length; at += BLOCK_RECORDS * RECORD_BYTES) {
    const block = encodeBlock(records.subarray(at, at + BLOCK_RECORDS * RECORD_BYTES));
    blocks.push(Buffer.from(block).toString('base64'));
  }
  // All bytes are in the page before the clock starts: the way through the driver is not measured.
  await panel.page.evaluate(() => Object.assign(window, { benchBlocks: [] }));
  for (const block of blocks) {
    await panel.page.evaluate((text) => {
      const { benchBlocks } = window as unknown as { benchBlocks: ArrayBuffer[] };
      benchBlocks.push(Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0)).buffer);
    }, block);
  }
  const opened = await panel.page.evaluate(openAll);
  const worker = panel.page.workers()[0]!;
  await worker.evaluate(watchFrames);
  await panel.page.locator('.lanes').focus();
  for (let i = 0; i < 4; i++) await panel.page.keyboard.press('{');
  await panel.page.keyboard.press('Shift+F');
  const figures: string[] = [];
  const panPictures: number[] = [];
  for (const [words, keys] of [
    ['pan', ['pan']],
    ['zoom', ['w', 'w', 'w', 's', 's', 's']],
  ] as const) {
    await worker.evaluate(() => void ((globalThis as unknown as WorkerFrames).simulFrames = []));
    const page = await panel.page.evaluate(panOrZoom, [...keys]);
    const frames = await worker.evaluate(() => (globalThis as unknown as WorkerFrames).simulFrames);
    const between = frames.slice(1).map((frame, i) => frame.at - frames[i]!.at);
    if (words === 'pan') panPictures.push(...between);
    figures.push(
      `${words}: page p95 ${p95(page).toFixed(1)} ms, pictures median ${median(between).toFixed(1)}, p95 ${p95(between).toFixed(1)} ms (drawing median ${median(frames.map((frame) => frame.ms)).toFixed(1)}, p95 ${p95(frames.map((frame) => frame.ms)).toFixed(1)} ms)`,
    );
  }
  console.log(
    `${millions} M events, ${ROWS} rows: open ${(opened.allMs / 1000).toFixed(2)} s, first picture ${opened.firstMs.toFixed(0)} ms · ${figures.join(' · ')}`,
  );
  const complaints = panel.complaints();
  if (complaints.length > 0) console.log(complaints.join('\n'));
  if (millions === 1) {
    const page = await panel.page.context().newPage();
    const peer = await measureSpeedscope(page, 1e6);
    if (typeof peer === 'string') console.log(peer);
    else {
      printTable('open 1 M events', 'ms', [
        { name: 'speedscope, 1 lane', values: [peer.openMs] },
        { name: `Simul, ${ROWS} rows`, values: [opened.allMs] },
      ]);
      printTable('pan, between pictures', 'ms', [
        { name: 'speedscope, 1 lane', values: peer.panMs },
        { name: `Simul, ${ROWS} rows`, values: panPictures.slice(0, peer.panMs.length) },
      ]);
    }
    await page.close();
  }
  await panel.close();
}
await closeBrowser();

function p95(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? Number.NaN;
}

/** In the page: posts all blocks within the window of credit, until the last one is folded. */
async function openAll(): Promise<{ allMs: number; firstMs: number }> {
  const { benchBlocks, simulSent } = window as unknown as {
    benchBlocks: ArrayBuffer[];
    simulSent: { type: string; bytes?: number }[];
  };
  const start = performance.now();
  let sent = 0;
  let nextBlock = 0;
  let firstMs = 0;
  const total = benchBlocks.reduce((sum, block) => sum + block.byteLength, 0);
  window.postMessage({ type: 'open', opening: 7, name: 'bench', mode: 'file', recording: 'r7' }, '*');
  return new Promise((done) => {
    const sendMore = (): void => {
      const granted = simulSent.reduce(
        (sum, message) => sum + (message.type === 'credit' ? message.bytes! : 0),
        0,
      );
      while (nextBlock < benchBlocks.length && sent - granted < 8 << 20) {
        const bytes = benchBlocks[nextBlock++]!;
        sent += bytes.byteLength;
        window.postMessage({ type: 'block', opening: 7, part: 0, bytes }, '*');
      }
      if (firstMs === 0 && document.querySelectorAll('[role=treeitem]').length > 2)
        firstMs = performance.now() - start;
      if (granted >= total && firstMs > 0) {
        window.postMessage({ type: 'end', opening: 7, words: 'done' }, '*');
        done({ allMs: performance.now() - start, firstMs });
      } else setTimeout(sendMore, 1);
    };
    sendMore();
  });
}

interface WorkerFrames {
  simulFrames: { at: number; ms: number }[];
  requestAnimationFrame(then: (now: number) => void): number;
}

/** In the worker: records when each frame was drawn and how long that took. */
function watchFrames(): void {
  const scope = globalThis as unknown as WorkerFrames;
  const native = scope.requestAnimationFrame.bind(scope);
  scope.simulFrames = [];
  scope.requestAnimationFrame = (then) =>
    native((now) => {
      const start = performance.now();
      then(now);
      scope.simulFrames.push({ at: now, ms: performance.now() - start });
    });
}

/** In the page: a key at each frame for three seconds. @returns the times between its frames. */
async function panOrZoom(keys: readonly string[]): Promise<number[]> {
  const lanes = document.querySelector('.lanes')!;
  const page: number[] = [];
  let last = 0;
  return new Promise((done) => {
    let n = 0;
    const frame = (now: number): void => {
      if (last > 0) page.push(now - last);
      last = now;
      const key = keys[Math.floor(n / 10) % keys.length]!;
      if (key === 'pan') {
        // As fast as a finger moves: 24 px per frame, back and forth.
        const deltaX = n % 60 < 30 ? 24 : -24;
        lanes.dispatchEvent(new WheelEvent('wheel', { deltaX, bubbles: true, cancelable: true }));
      } else lanes.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
      if (n++ < 180) requestAnimationFrame(frame);
      else done(page);
    };
    requestAnimationFrame(frame);
  });
}
