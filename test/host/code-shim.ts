#!/usr/bin/env node
/**
 * Stands for VS Code's executable on machines without a display. It takes the flags that
 * @vscode/test-electron passes, opens the served VS Code in a headless Chromium with the same
 * meaning, and ends when the workbench says that the tests have ended. Nobody relies on its exit
 * code: the result file alone counts (a killed extension host exits with 0, too).
 */

import { chromium } from 'playwright-core';
import { setTimeout as after } from 'node:timers/promises';
import { CHROMIUM_FLAGS } from '../machine/chromium.ts';
import { serveVSCode } from './serve-vscode.ts';

/** Passed in SIMUL_SHIM: test-electron decides what the command line holds. */
export interface ShimOptions {
  readonly node: string;
  readonly entry: string;
  readonly chromium: string;
}

const shimOptions = JSON.parse(process.env['SIMUL_SHIM'] ?? 'null') as ShimOptions | null;
if (shimOptions === null)
  throw new Error('code-shim is started by test/host/run-in-vscode.ts, with its options in SIMUL_SHIM');

const flags = process.argv.slice(2);
const flag = (name: string): string | undefined =>
  flags.find((text) => text.startsWith(`--${name}=`))?.slice(name.length + 3);
const folder = flags.find((text) => !text.startsWith('-'));
const required = (name: string): string => {
  const value = flag(name);
  if (value === undefined) throw new Error(`code-shim needs --${name}=…, got ${flags.join(' ')}`);
  return value;
};

const served = await serveVSCode({
  vscode: shimOptions,
  extensionsFolder: required('extensions-dir'),
  automation: true,
});
const browser = await chromium.launch({ executablePath: shimOptions.chromium, args: [...CHROMIUM_FLAGS] });
const page = await browser.newPage();

const exited = new Promise<number>((resolve) => {
  void page.exposeFunction('codeAutomationLog', (type: string, args: readonly unknown[]) => {
    console.log(
      ...args.map((arg) => (typeof arg === 'string' ? arg : JSON.stringify(arg))),
      type === 'log' ? '' : `[${type}]`,
    );
  });
  void page.exposeFunction('codeAutomationExit', (code: number) => resolve(code));
  page.on('console', (message) => {
    if (message.text().includes('permanent error occurred in the reconnecting loop')) resolve(1);
  });
  page.on('crash', () => resolve(1));
  browser.on('disconnected', () => resolve(1));
});

const remote = (path: string): string => `vscode-remote://127.0.0.1:${served.port}${path}`;
const payload = JSON.stringify([
  ['extensionDevelopmentPath', remote(required('extensionDevelopmentPath'))],
  ['extensionTestsPath', remote(required('extensionTestsPath'))],
  ['skipWelcome', 'true'],
]);
const opened = folder === undefined ? '' : `folder=${encodeURIComponent(folder)}&`;
await page.goto(`${served.url}?${opened}payload=${encodeURIComponent(payload)}`);
const code = await exited;
// A browser that hangs while closing must not hang the suite.
await Promise.race([browser.close(), after(5000)]);
served.stop();
process.exit(code);
