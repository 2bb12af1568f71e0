/**
 * The CPU time of the panel in real Chromium, by process as the system counts it: wall time says
 * little on a busy machine. Opening a saved trace, and following a program that writes so many
 * events a second, with blocks every 33 ms as the host sends them. Chromium has no GPU here: what
 * its "gpu" process takes is the drawing of the page in software. The first seconds of a page are
 * told apart: V8 compiles then. Posting the blocks is in the figures: it takes some 1 % of a core.
 *
 *   npx tsc -b bench && node esbuild.mjs && node build/bench/panel-cpu.js [SECONDS]    default 14
 */
import type { CDPSession } from 'playwright-core';
import { encodeBlock } from '../runtime/trace/format/compact.ts';
import { RECORD_BYTES } from '../runtime/trace/format/layout.ts';
import { SAVED_BLOCK_RECORDS } from '../runtime/trace/format/trace-file.ts';
import { closeBrowser, openPanel, type PanelPage } from '../test/browser/harness.ts';
import { benchRecords } from './panel-records.ts';

const ROWS = 200;
const LANES = 8;
const TICK_MS = 33;
const FIRST_S = 4;
const seconds = Number(process.argv[2] ?? 14);
const SIZE = { width: 640, height: 600 };

interface Cpu {
  readonly rendererMs: number;
  readonly otherMs: number;
}

for (const millions of [1, 10]) {
  const records = benchRecords(millions * 1e6, ROWS, LANES);
  const blocks: string[] = [];
  for (let at = 0; at < records.length; at += SAVED_BLOCK_RECORDS * RECORD_BYTES)
    blocks.push(base64Of(records.subarray(at, at + SAVED_BLOCK_RECORDS * RECORD_BYTES)));
  const { cpu, wallMs } = await send(blocks, { mode: 'file', tickMs: 0 });
  console.log(`open ${millions} M events: ${inMs(cpu)} of CPU; ${wallMs.toFixed(0)} ms of wall time`);
}
for (const perSecond of [500, 50_000, 500_000]) {
  const records = benchRecords(perSecond * seconds, ROWS, LANES, 1e9 / perSecond);
  const perTick = Math.max(1, Math.round((perSecond * TICK_MS) / 1000)) * RECORD_BYTES;
  const blocks: string[] = [];
  for (let at = 0; at < records.length; at += perTick)
    blocks.push(base64Of(records.subarray(at, at + perTick)));
  const { cpu, first, wallMs } = await send(blocks, { mode: 'live', tickMs: TICK_MS });
  const shares = (of: Cpu, s: number): string =>
    `page and worker ${(of.rendererMs / s / 10).toFixed(1)} % of a core, others ${(of.otherMs / s / 10).toFixed(1)} %`;
  const rest = { rendererMs: cpu.rendererMs - first.rendererMs, otherMs: cpu.otherMs - first.otherMs };
  console.log(
    `live, ${perSecond} events/s for ${seconds} s: ${shares(cpu, seconds)}; ` +
      `after the first ${FIRST_S} s: ${shares(rest, seconds - FIRST_S)}; ` +
      `all was shown after ${(wallMs / 1000).toFixed(1)} s`,
  );
}
await closeBrowser();

function inMs({ rendererMs, otherMs }: Cpu): string {
  return `page and worker ${rendererMs.toFixed(0)} ms, Chromium's other processes ${otherMs.toFixed(0)} ms`;
}

function base64Of(records: Uint8Array): string {
  return Buffer.from(encodeBlock(records)).toString('base64');
}

interface Sending {
  readonly mode: 'live' | 'file';
  /** Between two blocks; 0: as soon as there is credit. */
  readonly tickMs: number;
}

interface Sent {
  /** From the first block to the last. */
  readonly cpu: Cpu;
  /** In the first seconds, of a program that is followed. */
  readonly first: Cpu;
  readonly wallMs: number;
}

/** Shows a trace in a panel of its own. */
async function send(blocks: readonly string[], sending: Sending): Promise<Sent> {
  const panel = await openPanel({ size: SIZE });
  await panel.received('ready');
  // All bytes are in the page before the clock starts: the way through the driver is not measured.
  await panel.page.evaluate(() => Object.assign(window, { benchBlocks: [] }));
  const chunk = Math.max(1, Math.floor(4e6 / (blocks[0]?.length ?? 1)));
  for (let i = 0; i < blocks.length; i += chunk)
    await panel.page.evaluate(
      (texts) => {
        const { benchBlocks } = window as unknown as { benchBlocks: ArrayBuffer[] };
        for (const text of texts)
          benchBlocks.push(Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0)).buffer);
      },
      blocks.slice(i, i + chunk),
    );
  const session = await panel.page.context().browser()!.newBrowserCDPSession();
  const before = await cpuOf(session);
  const startMs = performance.now();
  const sent = panel.page.evaluate(sendAll, sending);
  if (sending.mode === 'live') await new Promise((go) => setTimeout(go, FIRST_S * 1000));
  const soon = await cpuOf(session);
  await sent;
  await panel.page.locator('.lanes[aria-busy=false]').waitFor({ timeout: 120_000 });
  const wallMs = performance.now() - startMs;
  const after = await cpuOf(session);
  await close(panel);
  return { cpu: spent(before, after), first: spent(before, soon), wallMs };
}

function spent(before: Cpu, after: Cpu): Cpu {
  return { rendererMs: after.rendererMs - before.rendererMs, otherMs: after.otherMs - before.otherMs };
}

async function close(panel: PanelPage): Promise<void> {
  const complaints = panel.complaints();
  if (complaints.length > 0) console.log(complaints.join('\n'));
  await panel.close();
}

/** CPU time of the browser's processes so far. */
async function cpuOf(session: CDPSession): Promise<Cpu> {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const msOf = (isRenderer: boolean): number =>
    processInfo
      .filter(({ type }) => (type === 'renderer') === isRenderer)
      .reduce((sum, { cpuTime }) => sum + cpuTime * 1000, 0);
  return { rendererMs: msOf(true), otherMs: msOf(false) };
}

/** In the page: posts the blocks at their times, on credit, until all are folded. */
async function sendAll({ mode, tickMs }: Sending): Promise<void> {
  const { benchBlocks, simulSent } = window as unknown as {
    benchBlocks: ArrayBuffer[];
    simulSent: { type: string; bytes?: number }[];
  };
  window.postMessage({ type: 'open', opening: 7, name: 'bench', mode, recording: 'r7' }, '*');
  const total = benchBlocks.reduce((sum, block) => sum + block.byteLength, 0);
  const startMs = performance.now();
  let [sent, granted, next, read] = [0, 0, 0, 0];
  return new Promise((done) => {
    const tick = (): void => {
      for (; read < simulSent.length; read++) granted += simulSent[read]!.bytes ?? 0;
      const due = tickMs === 0 ? Infinity : (performance.now() - startMs) / tickMs;
      while (next < benchBlocks.length && next < due && sent - granted < 8 << 20) {
        const bytes = benchBlocks[next++]!;
        sent += bytes.byteLength;
        window.postMessage({ type: 'block', opening: 7, part: 0, bytes }, '*');
      }
      if (granted < total) return void setTimeout(tick, Math.max(1, tickMs));
      window.postMessage({ type: 'end', opening: 7, words: 'done', stopped: false }, '*');
      done();
    };
    tick();
  });
}
