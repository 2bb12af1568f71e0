/**
 * A workbench with the packaged extension installed, in a headless Chromium. Tests drive it from
 * outside as a person would: with keys, the palette, the panel's frame and screenshots. What only
 * the API shows is tested inside the extension host (test/host/suite/).
 */

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach } from 'mocha';
import { chromium, type FrameLocator, type Locator, type Page } from 'playwright-core';
import { cacheFolder } from '../machine/cache.ts';
import { CHROMIUM_FLAGS, findChromium } from '../machine/chromium.ts';
import { extensionPackage } from '../machine/extension-package.ts';
import { servedVSCode } from '../machine/served-vscode.ts';
import { installExtension, serveVSCode } from './serve-vscode.ts';

export interface WorkbenchOptions {
  /** An absolute path; absent: a window without a folder. */
  readonly folder?: string;
  /** An absolute path, opened in the first editor. */
  readonly file?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** The workspace is not trusted: VS Code's Restricted Mode. */
  readonly restricted?: boolean;
  readonly size?: { readonly width: number; readonly height: number };
  /** More variables for the server, the extension host and traced programs. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface Workbench {
  readonly page: Page;
  /** Runs a command from the palette by its title ("Simul: Show Panel"), once it is offered. */
  runCommand(title: string): Promise<void>;
  /** Opens a file of the folder by its name, which no other has. Then it has the focus. */
  openFile(name: string): Promise<void>;
  /** Closes all editors. Then a panel that is opened is the only webview. */
  closeAllEditors(): Promise<void>;
  /** Enters a path in VS Code's file dialog with this title, which a command has just opened. */
  chooseFile(title: string, path: string): Promise<void>;
  /** The panel's document, inside the visible webview: there may be one only. */
  webview(): FrameLocator;
  /** Saves `<name>.png` into SIMUL_SCREENSHOTS, else into the cache. @returns its path */
  screenshot(name: string): Promise<string>;
  /** The server's output, with the start and the crash of the extension host. */
  log(): string;
  close(): Promise<void>;
}

/** Every wait on the workbench gets this long: its start is slow on two cores. */
const MAX_WAIT_MS = 60_000;

export async function openWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const vscode = await servedVSCode();
  const extensions = mkdtempSync(join(tmpdir(), 'simul-extensions-'));
  const cleanups: (() => void | Promise<void>)[] = [
    () => rmSync(extensions, { recursive: true, force: true }),
  ];
  const close = async (): Promise<void> => {
    for (const cleanUp of cleanups.splice(0).reverse()) await cleanUp();
  };
  try {
    await installExtension(vscode, await extensionPackage(), extensions);
    const served = await serveVSCode({
      vscode,
      extensionsFolder: extensions,
      restricted: options.restricted === true,
      ...(options.settings === undefined ? {} : { settings: options.settings }),
      ...(options.env === undefined ? {} : { env: options.env }),
    });
    cleanups.push(served.stop);
    const browser = await chromium.launch({
      executablePath: await findChromium(),
      args: [...CHROMIUM_FLAGS],
    });
    cleanups.push(() => browser.close());
    const page = await browser.newPage({ viewport: options.size ?? { width: 1440, height: 900 } });
    page.setDefaultTimeout(MAX_WAIT_MS);
    await page.goto(workbenchUrl(served.url, served.port, options));
    await page.waitForSelector('.monaco-workbench .statusbar-item');
    if (options.file !== undefined) await page.waitForSelector('.editor-group-container .tab.active');
    return {
      page,
      runCommand: (title) => runFromPalette(page, title),
      openFile: (name) => openFile(page, name),
      closeAllEditors: () => closeAllEditors(page),
      chooseFile: (title, path) => chooseFile(page, title, path),
      webview: () => page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame'),
      screenshot: (name) => saveScreenshot(page, name),
      log: served.log,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Registers a hook that saves a screenshot of each test that fails. */
export function screenshotFailures(workbench: () => Workbench | undefined): void {
  afterEach(async function () {
    if (this.currentTest?.state !== 'failed') return;
    const name = `failed-${this.currentTest.title.replace(/\W+/g, '-').slice(0, 60)}`;
    console.log(`      screenshot: ${(await workbench()?.screenshot(name)) ?? 'no workbench'}`);
  });
}

/**
 * Each test of the suite needs the one before: after a failure the next one says so, and no other
 * is run. Mocha's `bail` would pass over later suites that have it, without a word.
 */
export function stopAfterFailure(): void {
  let failed = '';
  beforeEach(() => {
    if (failed !== '') throw new Error(`not run: "${failed}" failed before`);
  });
  afterEach(function () {
    if (this.currentTest?.state === 'failed') failed = this.currentTest.title;
  });
}

/** The address at which the served workbench opens a folder, and a file in it. */
export function workbenchUrl(url: string, port: number, target: { folder?: string; file?: string }): string {
  const query = new URLSearchParams(target.folder === undefined ? { ew: 'true' } : { folder: target.folder });
  const file = target.file;
  if (file !== undefined) {
    query.set('payload', JSON.stringify([['openFile', `vscode-remote://127.0.0.1:${port}${file}`]]));
  }
  return `${url}?${query.toString().replaceAll('+', '%20')}`;
}

const runFromPalette = (page: Page, title: string): Promise<void> =>
  chooseFromPalette(page, `>${title}`, title);

/** The palette lists files where nothing says that a command is meant. */
async function openFile(page: Page, name: string): Promise<void> {
  await chooseFromPalette(page, name, name);
  // Its tab is active before the extensions hear that it is the file in the editor.
  await page.locator(`.monaco-editor.focused[data-uri$="/${name}"]`).waitFor();
}

/**
 * The palette lists the commands that were registered when it opened, and it closes when an editor
 * that is still opening takes the focus. So it is opened again until the row is there.
 */
async function chooseFromPalette(page: Page, text: string, title: string): Promise<void> {
  const input = page.locator('.quick-input-widget input[type="text"]');
  const row = page
    .locator('.quick-input-list .monaco-list-row', {
      has: page.locator('.monaco-icon-label .label-name', { hasText: title }),
    })
    .first();
  const deadline = performance.now() + MAX_WAIT_MS;
  // A palette that was closed is soon opened again, and a slow one has its time.
  for (let timeout = 1500; ; timeout = Math.min(2 * timeout, 12_000)) {
    try {
      await page.keyboard.press('F1');
      await input.waitFor({ timeout });
      // Not by keys: an editor that takes the focus just now would take them, too.
      await input.evaluate((element, value) => {
        (element as HTMLInputElement).value = value;
        element.dispatchEvent(new Event('input', { bubbles: true }));
      }, text);
      await row.click({ timeout });
      return;
    } catch (error) {
      if (performance.now() > deadline) {
        throw new Error(`the palette did not offer "${title}" within ${MAX_WAIT_MS / 1000} s`, {
          cause: error,
        });
      }
      // Where nothing is open the panel has the focus, and there the key clears the selection.
      if (await input.isVisible()) await page.keyboard.press('Escape');
    }
  }
}

async function closeAllEditors(page: Page): Promise<void> {
  await runFromPalette(page, 'View: Close All Editors');
  await page.locator('.tab').first().waitFor({ state: 'detached' });
}

/**
 * The dialog reads a folder first and then writes its path over any text that was typed before.
 * Text typed afterwards has been taken when the row of that name has the focus. Enter before either
 * of the two would choose the folder.
 */
async function chooseFile(page: Page, title: string, path: string): Promise<void> {
  // A saved trace is one of what can be opened.
  if (title === 'Open a trace') await chooseSavedTrace(page);
  const dialog = page.locator('.quick-input-widget', {
    has: page.locator('.quick-input-title', { hasText: title }),
  });
  const rows = dialog.locator('.quick-input-list .monaco-list-row');
  await rows.filter({ hasText: '..' }).first().waitFor();
  const input = dialog.locator('input[type="text"]');
  // A save dialog proposes the name already, and a file that does not exist yet has no row.
  if ((await input.inputValue()) !== path) {
    await input.fill(path);
    const focused = dialog.locator('.quick-input-list .monaco-list-row.focused');
    await focused.filter({ hasText: basename(path) }).waitFor();
  }
  await input.press('Enter');
  await dialog.waitFor({ state: 'hidden' });
}

/** As with the palette: an editor that is still opening takes the focus, which closes the list. */
async function chooseSavedTrace(page: Page): Promise<void> {
  const deadline = performance.now() + MAX_WAIT_MS;
  for (;;) {
    try {
      await chooseRow(page, 'Open Trace', 'A saved trace…', { timeout: 6000 });
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await runFromPalette(page, 'Simul: Open Trace…');
    }
  }
}

/**
 * Chooses from the menu that has just been opened. For its first 100 ms a menu of VS Code takes no
 * click, and nothing shows when they are over; a key it takes.
 */
export async function chooseFromMenu(item: Locator): Promise<void> {
  await item.hover();
  await item.locator('xpath=ancestor-or-self::li[contains(@class, "focused")]').waitFor();
  await item.page().keyboard.press('Enter');
}

/** The debugger has stopped, so its keys work: while the program runs they would do nothing. */
export async function debuggerHasStopped(page: Page): Promise<void> {
  await page.locator('.debug-toolbar .codicon-debug-continue').waitFor();
}

/** Chooses what holds this text from the list with this title. */
export async function chooseRow(
  page: Page,
  title: string,
  text: string | RegExp,
  options: { readonly timeout?: number } = {},
): Promise<void> {
  const list = page.locator('.quick-input-widget', {
    has: page.locator('.quick-input-title', { hasText: new RegExp(`^${title}$`) }),
  });
  await list.locator('.quick-input-list .monaco-list-row', { hasText: text }).first().click(options);
}

/**
 * Enters the path of a folder in the dialog with this title, which asks for one. As long as the
 * folder is a row of the list, the button may only go into it: it is chosen from within.
 */
export async function chooseFolder(page: Page, title: string, path: string): Promise<void> {
  const dialog = page.locator('.quick-input-widget', {
    has: page.locator('.quick-input-title', { hasText: title }),
  });
  const rows = dialog.locator('.quick-input-list .monaco-list-row');
  await rows.filter({ hasText: '..' }).first().waitFor();
  await dialog.locator('input[type="text"]').fill(`${path}/`);
  await rows
    .filter({ hasText: basename(path) })
    .first()
    .waitFor({ state: 'detached' });
  await dialog.locator('.monaco-button', { hasText: 'OK' }).click();
  await dialog.waitFor({ state: 'hidden' });
}

async function saveScreenshot(page: Page, name: string): Promise<string> {
  const folder = process.env['SIMUL_SCREENSHOTS'] || join(cacheFolder, 'screenshots');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.png`);
  await page.screenshot({ path });
  return path;
}
