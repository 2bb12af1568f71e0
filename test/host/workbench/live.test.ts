/** The built-in JavaScript debugger with the trace beside it, as a person uses it. */
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { after, before, describe, it } from 'mocha';
import { tree } from '../../machine/tree.ts';
import {
  debuggerHasStopped,
  openWorkbench,
  screenshotFailures,
  stopAfterFailure,
  type Workbench,
} from '../workbench.ts';

/** Two producers fill a queue of two places; others interleave. */
const PROGRAM = [
  `import { Queue, sleep } from 'simul';`,
  ``,
  `const orders = new Queue({ name: 'orders', capacity: 2 });`,
  ``,
  `async function produce(n) {`,
  `  await orders.put(n);`,
  `  await sleep(20);`,
  `  await sleep(20);`,
  `  return n;`,
  `}`,
  ``,
  `async function tick() {`,
  `  for (let i = 0; i < 40; i++) await sleep(1);`,
  `}`,
  ``,
  `await Promise.all([tick(), tick(), produce(1), produce(2)]);`,
  `console.log('done', orders.size);`,
];

describe('the live debugger in the workbench', function () {
  stopAfterFailure();

  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'simul-workbench-')));
  const recordings = mkdtempSync(join(tmpdir(), 'simul-workbench-recordings-'));
  let workbench: Workbench;
  screenshotFailures(() => workbench);

  before(async () => {
    const program = join(folder, 'orders.mjs');
    writeFileSync(program, `${PROGRAM.join('\n')}\n`);
    cpSync(join(tree, 'dist/package'), join(folder, 'node_modules/simul'), { recursive: true });
    mkdirSync(join(folder, '.vscode'));
    const configuration = { type: 'node', request: 'launch', name: 'orders', program, simul: true };
    writeFileSync(
      join(folder, '.vscode/launch.json'),
      JSON.stringify({ version: '0.2.0', configurations: [configuration] }),
    );
    const size = { width: 1440, height: 1200 };
    workbench = await openWorkbench({ folder, file: program, size, env: { SIMUL_RECORDINGS: recordings } });
  });
  after(async () => {
    await (workbench as Workbench | undefined)?.close();
    rmSync(folder, { recursive: true, force: true });
    rmSync(recordings, { recursive: true, force: true });
  });

  const pane = (title: string): Locator =>
    workbench.page.locator('.pane', { has: workbench.page.locator(`.pane-header[aria-label^="${title}"]`) });

  async function stopsAt(line: number): Promise<void> {
    const { page } = workbench;
    await page
      .locator('.editor-instance .active-line-number', { hasText: new RegExp(`^${line}$`) })
      .waitFor();
    await page.locator('.debug-top-stack-frame-line, .debug-top-stack-frame-column').first().waitFor();
    await debuggerHasStopped(page);
  }

  it('stops in the user’s line where a queue is full, and shows who waits', async () => {
    const { page } = workbench;
    await workbench.runCommand('View: Show Simul');
    await pane('Breakpoints on Events')
      .locator('.monaco-list-row', { hasText: 'A queue is full' })
      .locator('.monaco-custom-toggle')
      .click();
    await page.locator('.editor-instance .view-line').first().click();
    await workbench.runCommand('Simul: Debug Current File');
    await stopsAt(6);
    await workbench.runCommand('View: Show Simul');
    await pane('Tasks')
      .getByText(/^Paused in produce#2: a queue is full: \d+ tasks/)
      .waitFor();
    await pane('Resources').getByText('2 of 2 items: full').waitFor();
    await workbench.screenshot('live-queue-full');
  });

  it('goes over the awaits of this task alone', async () => {
    const { page } = workbench;
    await page.locator('.editor-instance .view-line').first().click();
    await page.keyboard.press('Alt+F10');
    await stopsAt(7);
    // The key may be pressed again before the task has stopped.
    await page.keyboard.press('Alt+F10');
    await page.keyboard.press('Alt+F10');
    await stopsAt(9);
    await pane('Tasks')
      .getByText(/^Paused in produce#2: it goes on: /)
      .waitFor();
    await workbench.screenshot('live-stepped');
  });

  it('lets the program run to its end, and shows what is left', async () => {
    const { page } = workbench;
    await page.keyboard.press('F5');
    await page.locator('.debug-toolbar').waitFor({ state: 'hidden' });
    await pane('Tasks').getByText('The program has ended').waitFor();
  });

  it('is asked for by a line of a launch.json, with breakpoints as ever', async () => {
    const { page } = workbench;
    await page.locator('.editor-instance .view-line', { hasText: 'return n' }).click();
    await page.keyboard.press('F9');
    await page.locator('.editor-instance .codicon-debug-breakpoint').first().waitFor();
    await page.keyboard.press('F5');
    await stopsAt(6);
    await page.keyboard.press('F5');
    await stopsAt(9);
    // At a breakpoint the editor shows its own view.
    await workbench.runCommand('View: Show Simul');
    await pane('Tasks')
      .getByText(/^Paused in produce#\d: \d+ tasks/)
      .waitFor();
    await workbench.screenshot('live-breakpoint');
    await page.keyboard.press('Shift+F5');
    await page.locator('.debug-toolbar').waitFor({ state: 'hidden' });
  });
});
