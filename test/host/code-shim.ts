#!/usr/bin/env node
/**
 * Stands for VS Code's own executable where there is no display: takes the flags that
 * @vscode/test-electron gives, opens the served VS Code in a headless Chromium with the same
 * meaning, and ends when the workbench says that the tests ended. Its exit code is a
 * courtesy; the driver trusts the result file alone (a killed extension host exits with 0, too).
 */

import { chromium } from 'playwright-core';
import { setTimeout as after } from 'node:timers/promises';
import { chromiumFlags } from '../machine/chromium.ts';
import { serve } from './serve.ts';

/** What the driver hands over in SIMUL_SHIM, for the command line is not ours to extend. */
export interface ShimOrder {
  readonly node: string;
  readonly entry: string;
  readonly chromium: string;
}

const order = JSON.parse(process.env['SIMUL_SHIM'] ?? 'null') as ShimOrder | null;
if (order === null)
  throw new Error('code-shim is started by test/host/drive.ts, with its order in SIMUL_SHIM');

const flags = process.argv.slice(2);
const flag = (name: string): string | undefined =>
  flags.find((text) => text.startsWith(`--${name}=`))?.slice(name.length + 3);
const folder = flags.find((text) => !text.startsWith('-'));
const required = (name: string): string => {
  const value = flag(name);
  if (value === undefined) throw new Error(`code-shim needs --${name}=…, got ${flags.join(' ')}`);
  return value;
};

const served = await serve({
  vscode: order,
  extensionsFolder: required('extensions-dir'),
  automation: true,
});
const browser = await chromium.launch({ executablePath: order.chromium, args: [...chromiumFlags] });
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
