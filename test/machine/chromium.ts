/**
 * Finds a Chromium for the panel's tests and for the served VS Code: the machine's own, else one
 * that playwright downloads where the network allows, else (as root on Debian or Ubuntu) the
 * system's package.
 */

import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { announceInstall, cacheFolder } from './cache.ts';
import { runCommand } from './run-command.ts';
import { findProgram, isProgram } from './find-program.ts';
import { whyUnreachable } from './why-unreachable.ts';
import { installPackages } from './system-packages.ts';
import { tree } from './tree.ts';

/** Flags that make a headless Chromium quiet and let it run as root in a container. */
export const CHROMIUM_FLAGS: readonly string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Small containers have 64 MB of /dev/shm, and a tab that fills it dies.
  '--disable-dev-shm-usage',
];

let found: Promise<string> | undefined;

/** The path of a Chromium that has been started once, to be sure that it can. */
export function findChromium(): Promise<string> {
  return (found ??= searchChromium());
}

async function searchChromium(): Promise<string> {
  const tried: string[] = [];
  for (const find of [findInstalled, download, installSystemPackage]) {
    const path = await find(tried);
    if (path === undefined) continue;
    const started = await runCommand({ file: path, args: ['--version'], boundMs: 30_000, output: 'keep' });
    if (started.ok) return path;
    tried.push(`${path} does not start (${started.outcome}): ${started.output.trim()}`);
  }
  throw new Error(
    `There is no Chromium. Tried:\n- ${tried.join('\n- ')}\nSet SIMUL_CHROMIUM to the path of one.`,
  );
}

async function findInstalled(tried: string[]): Promise<string | undefined> {
  const named = process.env['SIMUL_CHROMIUM'];
  if (named) return named;
  const path =
    findProgram([
      'chromium',
      'chromium-browser',
      'google-chrome',
      'google-chrome-stable',
      'chrome',
      'msedge',
    ]) ??
    [
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
      'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
      'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
    ].find(isProgram) ??
    findPlaywrightChromium(join(homedir(), '.cache/ms-playwright')) ??
    findPlaywrightChromium(PLAYWRIGHT_FOLDER);
  if (path === undefined) tried.push('none is on the PATH or in the usual places');
  return path;
}

const PLAYWRIGHT_FOLDER = join(cacheFolder, 'playwright');

async function download(tried: string[]): Promise<string | undefined> {
  const host = 'cdn.playwright.dev';
  const reason = await whyUnreachable(host);
  if (reason !== undefined) {
    tried.push(`a download is not possible: ${host} ${reason}`);
    return undefined;
  }
  announceInstall(`Chromium, downloaded by playwright into ${PLAYWRIGHT_FOLDER} (about 200 MB)`);
  const ended = await runCommand({
    file: process.execPath,
    args: [join(tree, 'node_modules/playwright-core/cli.js'), 'install', 'chromium'],
    env: { ...process.env, PLAYWRIGHT_BROWSERS_PATH: PLAYWRIGHT_FOLDER },
    boundMs: 5 * 60_000,
    output: 'keep',
  });
  if (!ended.ok)
    tried.push(`playwright's download failed, ${ended.outcome}: ${ended.output.trim().slice(-500)}`);
  return findPlaywrightChromium(PLAYWRIGHT_FOLDER);
}

async function installSystemPackage(tried: string[]): Promise<string | undefined> {
  const problem = await installPackages(['chromium', 'fonts-dejavu-core']);
  if (problem !== undefined) tried.push(problem);
  return findProgram(['chromium', 'chromium-browser']);
}

/** Playwright's folders differ by platform and version, so the binary is searched by name. */
function findPlaywrightChromium(folder: string): string | undefined {
  if (!existsSync(folder)) return undefined;
  for (const build of readdirSync(folder).filter((name) => /^chromium-\d+$/.test(name))) {
    for (const path of [
      'chrome-linux/chrome',
      'chrome-linux64/chrome',
      'chrome-win/chrome.exe',
      'chrome-win64/chrome.exe',
      'chrome-mac/Chromium.app/Contents/MacOS/Chromium',
    ]) {
      if (isProgram(join(folder, build, path))) return join(folder, build, path);
    }
  }
  return undefined;
}
