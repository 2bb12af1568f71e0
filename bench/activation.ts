/**
 * How long VS Code takes to activate the packaged extension, its code loaded included: in a window
 * without a folder, by its first command. The figures are those that VS Code lists; the goal is
 * 50 ms. Beside it the built-in extension for Git, which the same window activated at startup.
 *
 *   tsc -b bench && node build/bench/activation.js [ROUNDS]      default 5, each in a new window
 */
import type { Page } from 'playwright-core';
import { openWorkbench } from '../test/host/workbench.ts';
import { printTable } from './report.ts';

const EXTENSIONS = ['Git', 'Simul'] as const;
const rounds = Number(process.argv[2] ?? 5);
const figures = EXTENSIONS.map((name) => ({ name, values: [] as number[] }));

for (let round = 0; round < rounds; round++) {
  // The list draws the rows that fit alone.
  const workbench = await openWorkbench({ size: { width: 1440, height: 2400 } });
  try {
    await workbench.runCommand('Simul: Show Panel');
    await workbench.webview().locator('#root > *').first().waitFor();
    await workbench.runCommand('Developer: Show Running Extensions');
    for (const { name, values } of figures) values.push(await activationMs(workbench.page, name));
  } finally {
    await workbench.close();
  }
}
printTable('activation', 'ms', figures);

async function activationMs(page: Page, name: string): Promise<number> {
  const row = page.locator('.runtime-extensions-editor .monaco-list-row', {
    has: page.locator('.name', { hasText: new RegExp(`^${name}$`) }),
  });
  const text = await row.getByText(/Activation: \d+ms/).innerText();
  return Number(/(\d+)ms/.exec(text)![1]);
}
