/**
 * The peer of the panel's measurements: speedscope's own page in the same Chromium, with as many
 * events in its evented format. They stand in one lane, since speedscope shows one lane at a time.
 * It is no dependency of the project: install it to get the figures.
 *
 *   npm install --prefix /tmp/peer speedscope
 *   SIMUL_SPEEDSCOPE=/tmp/peer/node_modules/speedscope/dist/release node build/bench/panel-draw.js
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

const ORIGIN = 'https://speedscope.test';
const MAX_LOAD_MS = 120_000;

export interface PeerFigures {
  readonly openMs: number;
  /** Times between the page's frames, each of which pans by 24 px. */
  readonly panMs: readonly number[];
}

/** Figures, or one sentence saying why there are none. */
export async function measureSpeedscope(page: Page, events: number): Promise<PeerFigures | string> {
  const folder = process.env['SIMUL_SPEEDSCOPE'];
  if (folder === undefined)
    return 'speedscope is not measured: SIMUL_SPEEDSCOPE does not name its dist/release';
  const profile = makeProfile(events);
  await page.route(`${ORIGIN}/**`, async (route) => {
    const name = new URL(route.request().url()).pathname.slice(1) || 'index.html';
    if (name === 'profile.json') return route.fulfill({ contentType: 'application/json', body: profile });
    const path = join(folder, name);
    return existsSync(path) ? route.fulfill({ path }) : route.fulfill({ status: 404 });
  });
  // The time starts when the bytes have arrived: their way through the driver is not measured.
  let startMs = Number.NaN;
  page.on('requestfinished', (request) => {
    if (request.url().endsWith('/profile.json')) startMs = performance.now();
  });
  await page.goto(`${ORIGIN}/#profileURL=${encodeURIComponent(`${ORIGIN}/profile.json`)}`);
  try {
    await page.waitForFunction(() => document.title.includes('bench'), undefined, { timeout: MAX_LOAD_MS });
  } catch {
    return `speedscope did not show ${events} events within ${MAX_LOAD_MS / 1000} s`;
  }
  await page.evaluate(() => new Promise((then) => requestAnimationFrame(() => requestAnimationFrame(then))));
  const openMs = performance.now() - startMs;
  return { openMs, panMs: await page.evaluate(panInPage) };
}

/** A profile of `events` events: tasks below one root that open and close in turn. */
function makeProfile(events: number): string {
  const turns = Math.floor(events / 2) - 1;
  const lines: string[] = ['{"type":"O","frame":0,"at":0}'];
  let at = 0;
  let seed = 42;
  for (let i = 0; i < turns; i++) {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    const frame = 1 + ((seed >>> 16) % 200);
    lines.push(
      `{"type":"O","frame":${frame},"at":${at}}`,
      `{"type":"C","frame":${frame},"at":${at + 1 + ((seed >>> 8) & 1023)}}`,
    );
    at += 1 + ((seed >>> 8) & 1023) + (seed & 255);
  }
  lines.push(`{"type":"C","frame":0,"at":${at}}`);
  const frames = Array.from({ length: 201 }, (_, i) => ({ name: i === 0 ? 'main' : `task ${i}` }));
  return (
    `{"$schema":"https://www.speedscope.app/file-format-schema.json","name":"bench","shared":{"frames":${JSON.stringify(frames)}},` +
    `"profiles":[{"type":"evented","name":"bench","unit":"nanoseconds","startValue":0,"endValue":${at},"events":[${lines.join(',')}]}]}`
  );
}

/**
 * Runs in the page: zooms in until a pan moves something, then pans in each frame.
 * @returns the times between frames
 */
async function panInPage(): Promise<number[]> {
  const canvas = [...document.querySelectorAll('canvas')].at(-1)!;
  const box = canvas.getBoundingClientRect();
  const wheel = (deltaX: number, deltaY: number, ctrlKey: boolean): void => {
    const at = { clientX: box.x + box.width / 2, clientY: box.y + box.height / 2 };
    const over = document.elementFromPoint(at.clientX, at.clientY) ?? canvas;
    over.dispatchEvent(
      new WheelEvent('wheel', { ...at, deltaX, deltaY, ctrlKey, bubbles: true, cancelable: true }),
    );
  };
  const frame = (): Promise<number> => new Promise((then) => requestAnimationFrame(then));
  for (let i = 0; i < 5; i++) {
    wheel(0, -40, true);
    await frame();
  }
  const between: number[] = [];
  let last = await frame();
  for (let n = 0; n < 60; n++) {
    wheel(n % 60 < 30 ? 24 : -24, 0, false);
    const now = await frame();
    between.push(now - last);
    last = now;
  }
  return between;
}
