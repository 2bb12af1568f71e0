/**
 * How long VS Code takes to activate the packaged extension, its code loaded included: by a
 * TypeScript file that is opened. The figures are those that VS Code lists; the goal is 50 ms on a
 * quiet machine. Beside it the built-in extension for TypeScript, which the same file activates.
 *
 *   tsc -b bench && node build/bench/activation.js [ROUNDS]      default 5, each in a new window
 */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { tree } from '../test/machine/tree.ts';
import { openWorkbench } from '../test/host/workbench.ts';
import { printTable } from './report.ts';

const EXTENSIONS = ['JavaScript and TypeScript Language Features', 'Simul'] as const;
const examples = join(tree, 'examples');
const rounds = Number(process.argv[2] ?? 5);
const figures = EXTENSIONS.map((name) => ({ name, values: [] as number[] }));

for (let round = 0; round < rounds; round++) {
  const workbench = await openWorkbench({
    folder: examples,
    file: join(examples, 'producers-consumers.ts'),
    // The list draws the rows that fit alone.
    size: { width: 1440, height: 2400 },
  });
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
