/**
 * The panel in a real Chromium, without VS Code around it. The page is the one that the host makes,
 * with the same content security policy. The test plays the host, and sets VS Code's theme
 * variables.
 *
 *   const panel = await openPanel({ theme: 'dark' });
 *   await panel.send({ type: 'open', … });
 *   await panel.received('ready');
 */

import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { chromium, type Browser, type CDPSession, type Page } from 'playwright-core';
import { pageHtml } from '../../extension/panel/page.ts';
import type { FromPanel, ToPanel } from '../../runtime/trace/messages/panel.ts';
import { cacheFolder } from '../machine/cache.ts';
import { CHROMIUM_FLAGS, findChromium } from '../machine/chromium.ts';
import { tree } from '../machine/tree.ts';
import { themes, type Theme, type ThemeRow } from './themes.ts';

export interface PanelPage {
  readonly page: Page;
  /** Posts what the host would post; buffers arrive as buffers. */
  send(message: ToPanel): Promise<void>;
  /** Waits for a message of this type. @returns all of them so far. */
  received<T extends FromPanel['type']>(type: T): Promise<readonly Extract<FromPanel, { type: T }>[]>;
  /** Uncaught errors, refused content and console errors of the page and its workers. */
  complaints(): readonly string[];
  setTheme(theme: Theme): Promise<void>;
  /** Shows the page as somebody sees it who lacks a colour; Chromium recalculates each picture. */
  setVision(vision: Vision): Promise<void>;
  /** Saves `<name>.png` into SIMUL_SCREENSHOTS, or else into the cache. @returns its path. */
  screenshot(name: string): Promise<string>;
  close(): Promise<void>;
}

export const VISIONS = ['protanopia', 'deuteranopia', 'tritanopia', 'achromatopsia'] as const;
export type Vision = (typeof VISIONS)[number] | 'none';

export interface PanelOptions {
  readonly theme?: Theme;
  readonly size?: { readonly width: number; readonly height: number };
  /** Device pixels of a CSS pixel; absent: 1. */
  readonly scale?: number;
  /** What `getState` returns at the start, as for a webview that was hidden and comes back. */
  readonly state?: unknown;
}

/** An origin that playwright answers for; a secure one, as a webview's is. */
const origin = 'https://panel.test';

export async function openPanel(options: PanelOptions = {}): Promise<PanelPage> {
  const page = await newPage(options.size, options.scale);
  const complaints = collectComplaints(page);
  const theme = options.theme ?? 'dark';
  const html = pageHtml({
    cspSource: origin,
    scriptUri: `${origin}/panel.js`,
    styleUri: `${origin}/panel.css`,
    nonce: 'bm9uY2U',
    language: 'en',
    title: 'Simul',
  });
  await page.route(`${origin}/**`, async (route) => {
    const name = new URL(route.request().url()).pathname.slice(1);
    if (name === '') return route.fulfill({ contentType: 'text/html', body: html });
    const path = join(tree, 'dist', name);
    if (!existsSync(path)) return route.fulfill({ status: 404, body: `${name} is not in dist/` });
    return route.fulfill({ path });
  });
  await page.addInitScript(playHost, { state: options.state ?? null });
  await page.addInitScript(addDefaultStyles);
  await page.goto(`${origin}/`);
  await setTheme(page, theme);
  let emulation: Promise<CDPSession> | undefined;
  return {
    page,
    send: async (message) => {
      await page.evaluate(postToPage, encodeBuffers(message));
    },
    received: async (type) => {
      try {
        await page.waitForFunction(
          (wanted) => window.simulSent.some((message) => message.type === wanted),
          type,
        );
      } catch (cause) {
        const list = complaints.map((complaint) => `\n- ${complaint}`).join('');
        throw new Error(`the panel sent no "${type}"; it complained of:${list || ' nothing'}`, { cause });
      }
      const sent = await page.evaluate(() => window.simulSent);
      return sent.filter((message): message is never => message.type === type);
    },
    complaints: () => complaints,
    setTheme: (next) => setTheme(page, next),
    setVision: async (type) => {
      // It lasts as long as the session, which ends with the page.
      emulation ??= page.context().newCDPSession(page);
      await (await emulation).send('Emulation.setEmulatedVisionDeficiency', { type });
    },
    screenshot: (name) => saveScreenshot(page, name),
    close: () => page.close(),
  };
}

/** Saves `<name>.png` into SIMUL_SCREENSHOTS, or else into the cache. @returns its path. */
export async function saveScreenshot(page: Page, name: string): Promise<string> {
  const folder = process.env['SIMUL_SCREENSHOTS'] || join(cacheFolder, 'screenshots');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.png`);
  await page.screenshot({ path });
  return path;
}

/**
 * Runs a module in a blank page, for tests that need only a canvas or a worker. The path is
 * relative to the project's root. @returns what the export `run` returns, which must be JSON.
 */
export async function runInPage(path: string, argument?: unknown): Promise<unknown> {
  const built = await build({
    stdin: {
      contents: `import * as testModule from './${path}'; globalThis.simulModule = testModule;`,
      resolveDir: tree,
      loader: 'ts',
    },
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    logLevel: 'warning',
  });
  const page = await newPage();
  try {
    await page.route(`${origin}/**`, (route) => route.fulfill({ contentType: 'text/html', body: '' }));
    await page.goto(`${origin}/`);
    await page.addScriptTag({ content: built.outputFiles[0]?.text ?? '' });
    return await page.evaluate((given) => window.simulModule.run(given), argument);
  } finally {
    await page.close();
  }
}

declare global {
  interface Window {
    simulSent: FromPanel[];
    simulModule: { run(argument: unknown): unknown };
  }
}

let browser: Promise<Browser> | undefined;

/** One browser serves all tests of the process, and ends with it. */
export async function newPage(size = { width: 1200, height: 700 }, scale = 1): Promise<Page> {
  browser ??= findChromium().then((executablePath) =>
    chromium.launch({ executablePath, args: [...CHROMIUM_FLAGS] }),
  );
  const context = await (
    await browser
  ).newContext({
    viewport: size,
    deviceScaleFactor: scale,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  // The whole browser may be gone by then.
  page.once('close', () => void context.close().catch(() => undefined));
  return page;
}

/** Ends the browser; for a hook `after`. */
export async function closeBrowser(): Promise<void> {
  await (await browser)?.close();
  browser = undefined;
}

export function collectComplaints(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.stack ?? error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('worker', (worker) => {
    worker.on('console', (message) => {
      if (message.type() === 'error') complaints.push(`worker: ${message.text()}`);
    });
  });
  return complaints;
}

/** In the page, before its own script: the API that VS Code offers to a webview. */
function playHost({ state }: { state: unknown }): void {
  let savedState: unknown = state ?? undefined;
  window.simulSent = [];
  const api = {
    postMessage: (message: FromPanel) => void window.simulSent.push(message),
    getState: () => savedState,
    setState: (next: unknown) => (savedState = next),
  };
  Object.defineProperty(window, 'acquireVsCodeApi', { value: () => api });
}

/** Playwright transfers JSON: buffers are sent as base64 and become buffers again in the page. */
function encodeBuffers(message: ToPanel): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(message).map(([key, value]) => [
      key,
      (value as unknown) instanceof ArrayBuffer
        ? { base64: Buffer.from(value as unknown as ArrayBuffer).toString('base64') }
        : (value as unknown),
    ]),
  );
}

/** In the page: decodes the buffers and posts the message, as the host does. */
function postToPage(message: Record<string, unknown>): void {
  for (const [key, value] of Object.entries(message)) {
    if (typeof value !== 'object' || value === null || !('base64' in value)) continue;
    message[key] = Uint8Array.from(atob(String(value.base64)), (sign) => sign.charCodeAt(0)).buffer;
  }
  window.postMessage(message, '*');
}

async function setTheme(page: Page, theme: Theme): Promise<void> {
  const { classes, id, variables } = themes[theme];
  await page.evaluate(applyTheme, { classes, id, variables });
}

/**
 * In the page: what VS Code does to a webview's document when the theme changes. It uses style
 * objects, to which the page's content security policy does not apply.
 */
function applyTheme(theme: Pick<ThemeRow, 'classes' | 'id' | 'variables'>): void {
  const root = document.documentElement;
  for (const name of [...root.style]) root.style.removeProperty(name);
  for (const [name, value] of Object.entries(theme.variables)) root.style.setProperty(name, value);
  document.body.dataset['vscodeThemeId'] = theme.id;
  document.body.dataset['vscodeThemeKind'] = theme.classes[0] ?? '';
  const ours = [...document.body.classList].filter((name) => !name.startsWith('vscode-'));
  document.body.className = [...ours, ...theme.classes].join(' ');
}

/** In the page, before its own script: the styles that VS Code gives to every webview. */
function addDefaultStyles(): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`@layer vscode-default {
    body { background-color: var(--vscode-editor-background); color: var(--vscode-editor-foreground);
      font: var(--vscode-font-weight) var(--vscode-font-size) var(--vscode-font-family);
      margin: 0; padding: 0 20px; overscroll-behavior-x: none; }
    img, video { max-width: 100%; max-height: 100%; }
    a, a code { color: var(--vscode-textLink-foreground); }
    code { font-family: var(--vscode-editor-font-family); color: var(--vscode-textPreformat-foreground); }
  }`);
  document.adoptedStyleSheets = [sheet];
}
