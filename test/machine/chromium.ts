/**
 * A Chromium for the panel's tests and for the served VS Code: the machine's own, else the one
 * playwright downloads where the network allows, else (as root on Debian or Ubuntu) the system's package.
 */

import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { announce, cacheFolder } from './cache.ts';
import { runCommand } from './command.ts';
import { findProgram, isProgram } from './find-program.ts';
import { reachable } from './reachable.ts';
import { installPackages } from './system-packages.ts';
import { tree } from './tree.ts';

/** Flags that make a headless Chromium quiet, and able to run as root in a container. */
export const chromiumFlags: readonly string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Small containers give /dev/shm 64 MB, and a tab that fills it dies.
  '--disable-dev-shm-usage',
];

let found: Promise<string> | undefined;

/** The path of a Chromium that was seen to start. */
export function findChromium(): Promise<string> {
  return (found ??= search());
}

async function search(): Promise<string> {
  const tried: string[] = [];
  const ways = [onTheMachine, downloaded, fromTheSystem];
  for (const way of ways) {
    const path = await way(tried);
    if (path === undefined) continue;
    const started = await runCommand({ file: path, args: ['--version'], boundMs: 30_000, output: 'keep' });
    if (started.ok) return path;
    tried.push(`${path} does not start (${started.how}): ${started.output.trim()}`);
  }
  throw new Error(
    `There is no Chromium. Tried:\n- ${tried.join('\n- ')}\nSet SIMUL_CHROMIUM to the path of one.`,
  );
}

async function onTheMachine(tried: string[]): Promise<string | undefined> {
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
    playwrights(join(homedir(), '.cache/ms-playwright')) ??
    playwrights(playwrightFolder);
  if (path === undefined) tried.push('none is on the PATH or in the usual places');
  return path;
}

const playwrightFolder = join(cacheFolder, 'playwright');

async function downloaded(tried: string[]): Promise<string | undefined> {
  const host = 'cdn.playwright.dev';
  const why = await reachable(host);
  if (why !== undefined) {
    tried.push(`a download is not possible: ${host} ${why}`);
    return undefined;
  }
  announce(`Chromium, downloaded by playwright into ${playwrightFolder} (about 200 MB)`);
  const ended = await runCommand({
    file: process.execPath,
    args: [join(tree, 'node_modules/playwright-core/cli.js'), 'install', 'chromium'],
    env: { ...process.env, PLAYWRIGHT_BROWSERS_PATH: playwrightFolder },
    boundMs: 5 * 60_000,
    output: 'keep',
  });
  if (!ended.ok) tried.push(`playwright's download failed, ${ended.how}: ${ended.output.trim().slice(-500)}`);
  return playwrights(playwrightFolder);
}

async function fromTheSystem(tried: string[]): Promise<string | undefined> {
  const problem = await installPackages(['chromium', 'fonts-dejavu-core']);
  if (problem !== undefined) tried.push(problem);
  return findProgram(['chromium', 'chromium-browser']);
}

/** Where playwright puts it differs by platform and by its own version: look for the binary by name. */
function playwrights(folder: string): string | undefined {
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
