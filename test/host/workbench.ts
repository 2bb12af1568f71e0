/**
 * A workbench with the packaged extension installed, in a headless Chromium, to be driven from
 * outside as a person would: keys, the palette, the panel's frame, pictures of what is seen.
 * For what only the API shows there are the suites inside the extension host (test/host/suite/).
 */

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach } from 'mocha';
import { chromium, type FrameLocator, type Page } from 'playwright-core';
import { cacheFolder } from '../machine/cache.ts';
import { chromiumFlags, findChromium } from '../machine/chromium.ts';
import { extensionPackage } from '../machine/extension.ts';
import { servedVSCode } from '../machine/vscode.ts';
import { installExtension, serve } from './serve.ts';

export interface WorkbenchOptions {
  /** Absolute paths; the file is opened in the first editor. No folder: an empty window. */
  readonly folder?: string;
  readonly file?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** In Restricted Mode: a workspace that nobody has said to trust. */
  readonly restricted?: boolean;
  readonly size?: { readonly width: number; readonly height: number };
  /** More variables for the server and what it starts: the extension host, programs under debug. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface Workbench {
  readonly page: Page;
  /** Runs a command from the palette by its title as shown ("Simul: Open Panel"); waits until it is offered. */
  runCommand(title: string): Promise<void>;
  /** Gives a path to VS Code's file dialog with this title, which a command has just asked for. */
  chooseFile(title: string, path: string): Promise<void>;
  /** The inside of the visible webview, the panel's own document. */
  webview(): FrameLocator;
  /** Saves what is seen as `<name>.png` into SIMUL_SCREENSHOTS, else into the cache; returns the path. */
  screenshot(name: string): Promise<string>;
  /** What the server has written: the extension host's start, its crash. */
  log(): string;
  close(): Promise<void>;
}

/** Start-up is slow on two cores; every wait on the workbench gets this long. */
const waitMs = 60_000;

export async function openWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const vscode = await servedVSCode();
  const extensions = mkdtempSync(join(tmpdir(), 'simul-extensions-'));
  const undo: (() => void | Promise<void>)[] = [() => rmSync(extensions, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    await installExtension(vscode, await extensionPackage(), extensions);
    const served = await serve({
      vscode,
      extensionsFolder: extensions,
      restricted: options.restricted === true,
      ...(options.settings === undefined ? {} : { settings: options.settings }),
      ...(options.env === undefined ? {} : { env: options.env }),
    });
    undo.push(served.stop);
    const browser = await chromium.launch({ executablePath: await findChromium(), args: [...chromiumFlags] });
    undo.push(() => browser.close());
    const page = await browser.newPage({ viewport: options.size ?? { width: 1440, height: 900 } });
    page.setDefaultTimeout(waitMs);
    await page.goto(workbenchUrl(served.url, served.port, options));
    await page.waitForSelector('.monaco-workbench .statusbar-item');
    if (options.file !== undefined) await page.waitForSelector('.editor-group-container .tab.active');
    return {
      page,
      runCommand: (title) => runFromPalette(page, title),
      chooseFile: (title, path) => chooseFile(page, title, path),
      webview: () => page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame'),
      screenshot: (name) => takePicture(page, name),
      log: served.log,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Registers a hook: what was on the screen when a test failed says more than that it waited in vain. */
export function showFailures(workbench: () => Workbench | undefined): void {
  afterEach(async function () {
    if (this.currentTest?.state !== 'failed') return;
    const name = `failed-${this.currentTest.title.replace(/\W+/g, '-').slice(0, 60)}`;
    console.log(`      seen: ${(await workbench()?.screenshot(name)) ?? 'no workbench'}`);
  });
}

/** Where the served workbench opens a folder, and a file in it. */
export function workbenchUrl(url: string, port: number, what: { folder?: string; file?: string }): string {
  const query = new URLSearchParams(what.folder === undefined ? { ew: 'true' } : { folder: what.folder });
  const file = what.file;
  if (file !== undefined) {
    query.set('payload', JSON.stringify([['openFile', `vscode-remote://127.0.0.1:${port}${file}`]]));
  }
  return `${url}?${query.toString().replaceAll('+', '%20')}`;
}

/**
 * The palette lists what was registered when it opened, and closes when an editor that is
 * still opening takes the focus: it is reopened until the command is there.
 */
async function runFromPalette(page: Page, title: string): Promise<void> {
  const input = page.locator('.quick-input-widget input[type="text"]');
  const row = page
    .locator('.quick-input-list .monaco-list-row', {
      has: page.locator('.monaco-icon-label .label-name', { hasText: title }),
    })
    .first();
  const deadline = performance.now() + waitMs;
  const attempt = { timeout: 2000 };
  for (;;) {
    try {
      await page.keyboard.press('F1');
      await input.fill(`>${title}`, attempt);
      await row.click(attempt);
      return;
    } catch (error) {
      if (performance.now() > deadline) {
        throw new Error(`the palette did not offer "${title}" within ${waitMs / 1000} s`, { cause: error });
      }
      await page.keyboard.press('Escape');
    }
  }
}

/**
 * The dialog reads a folder first and then writes the folder's path over whatever was typed before;
 * what is typed afterwards is taken when the row of that name has the focus. Enter before either chooses the folder.
 */
async function chooseFile(page: Page, title: string, path: string): Promise<void> {
  const dialog = page.locator('.quick-input-widget', {
    has: page.locator('.quick-input-title', { hasText: title }),
  });
  const rows = dialog.locator('.quick-input-list .monaco-list-row');
  await rows.filter({ hasText: '..' }).first().waitFor();
  const input = dialog.locator('input[type="text"]');
  // A dialog that proposes a name has it typed already: a file that is still to be made has no row.
  if ((await input.inputValue()) !== path) {
    await input.fill(path);
    const focused = dialog.locator('.quick-input-list .monaco-list-row.focused');
    await focused.filter({ hasText: basename(path) }).waitFor();
  }
  await input.press('Enter');
  await dialog.waitFor({ state: 'hidden' });
}

async function takePicture(page: Page, name: string): Promise<string> {
  const folder = process.env['SIMUL_SCREENSHOTS'] || join(cacheFolder, 'screenshots');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.png`);
  await page.screenshot({ path });
  return path;
}
