import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import type { Locator } from 'playwright-core';
import { openWorkbench, screenshotFailures, type Workbench } from '../workbench.ts';

const SPIN = [
  `const sleep = (ms: number) => new Promise((go) => setTimeout(go, ms));`,
  `async function spinner() {`,
  `  await sleep(20);`,
  `  while (true);`,
  `}`,
  `await Promise.all([spinner(), sleep(40)]);`,
  `export {};`,
];

describe('a program that never yields the thread', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'simul-busy-')));
  let workbench: Workbench;
  screenshotFailures(() => workbench);

  before(async () => {
    writeFileSync(join(folder, 'spin.ts'), `${SPIN.join('\n')}\n`);
    writeFileSync(join(folder, 'top.ts'), `console.log('spinning');\nwhile (true);\n`);
    workbench = await openWorkbench({ folder, file: join(folder, 'spin.ts') });
  });
  after(async () => {
    await (workbench as Workbench | undefined)?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const row = (name: string): Locator =>
    workbench.webview().locator('[role=treeitem].task', { hasText: name }).first();
  const mode = (): Locator => workbench.webview().locator('.toolbar .mode');

  /**
   * Selects the span in which a row holds the thread. The verdict tells of it once its record is
   * there: before that the newest span is a wait, or the time in which Node read the program.
   * @returns where the panel describes it
   */
  async function selectSpinningSpan(name: string): Promise<Locator> {
    const words = workbench.webview().locator('.answer');
    await words.getByText('has held the thread for').waitFor();
    await row(name).click();
    await workbench.webview().locator('.lanes').focus();
    for (let i = 0; i < 12; i++) await workbench.page.keyboard.press('n');
    return words;
  }

  it('is shown as running, with the line of its last wait, while it runs', async () => {
    await workbench.runCommand('Simul: Trace Current File');
    await mode().getByText('Live').waitFor();
    const words = await selectSpinningSpan('spinner');
    await words
      .getByText(/spinner has been running for .* not given the thread away since its wait at spin\.ts:3/)
      .waitFor();
    await workbench.screenshot('busy-after-await');
    await mode().getByText('Live').waitFor();
  });

  it('ends when it is stopped, and the panel says so', async () => {
    await workbench.runCommand('Simul: Stop Program');
    await mode().getByText('Stopped').waitFor();
    // The end is told below the selection, whose description is now in the past tense.
    const words = workbench.webview().locator('.answer');
    await words.getByText('spin.ts was stopped.').waitFor();
    await words.getByText(/spinner had been running for .* at the end/).waitFor();
  });

  it('is shown as running when it spins before its first await, too', async () => {
    // A file opens where the focus is: it must be in the editor, not in the panel.
    await workbench.page.getByRole('tab', { name: /^spin\.ts/ }).click();
    await workbench.openFile('top.ts');
    await workbench.runCommand('Simul: Trace Current File');
    await workbench.webview().locator('.toolbar').getByText('top.ts').waitFor();
    await mode().getByText('Live').waitFor();
    const words = await selectSpinningSpan('top.ts');
    await words
      .getByText(/top\.ts has been running for [\d.]+ s and has not given the thread away since\./)
      .waitFor();
    await workbench.screenshot('busy-top-level');
    await workbench.runCommand('Simul: Stop Program');
    await mode().getByText('Stopped').waitFor();
  });
});
