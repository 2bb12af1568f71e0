import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import type { Locator } from 'playwright-core';
import { tree } from '../../machine/tree.ts';
import {
  chooseRow,
  openWorkbench,
  screenshotFailures,
  stopAfterFailure,
  type Workbench,
} from '../workbench.ts';

const SHOP = `import { setTimeout as sleep } from 'node:timers/promises';

async function baker(): Promise<void> {
  for (let i = 0; i < 3; i++) await sleep(20);
}

async function seller(): Promise<void> {
  await sleep(30);
}

await Promise.all([baker(), seller()]);
`;
const ENDLESS = `setInterval(() => {}, 1000);\nawait new Promise(() => {});\n`;

describe('the panel beside the editors', function () {
  stopAfterFailure();

  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'simul-editor-')));
  const recordings = join(folder, 'recordings');
  let workbench: Workbench;
  screenshotFailures(() => workbench);

  before(async () => {
    writeFileSync(join(folder, 'shop.ts'), SHOP);
    writeFileSync(join(folder, 'one.mjs'), ENDLESS);
    writeFileSync(join(folder, 'two.mjs'), ENDLESS);
    execFileSync(
      process.execPath,
      [
        join(tree, 'dist/cli.js'),
        'trace',
        '--quiet',
        '--out',
        join(folder, 'shop.simul'),
        join(folder, 'shop.ts'),
      ],
      { stdio: 'ignore', env: { ...process.env, SIMUL_RECORDINGS: recordings } },
    );
    workbench = await openWorkbench({ folder, env: { SIMUL_RECORDINGS: recordings } });
  });
  after(async () => {
    await (workbench as Workbench | undefined)?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const groups = (): Locator => workbench.page.locator('.editor-group-container');
  const tab = (name: string | RegExp): Locator => workbench.page.locator('.tab.active', { hasText: name });
  const row = (name: string): Locator =>
    workbench.webview().locator('[role=treeitem].task', { hasText: name }).first();
  const activeLine = (line: number): Locator =>
    workbench.page.locator('.editor-instance .active-line-number', { hasText: new RegExp(`^${line}$`) });

  async function openSaved(): Promise<void> {
    await workbench.runCommand('Simul: Open Trace…');
    await workbench.chooseFile('Open a trace', join(folder, 'shop.simul'));
    await tab('shop.simul').waitFor();
    await row('baker').waitFor();
  }

  it('keeps a saved trace open, and what is selected, when a source is shown: one group', async () => {
    await openSaved();
    assert.equal(await groups().count(), 1);
    await row('baker').click();
    await tab('shop.ts').waitFor();
    await activeLine(3).waitFor();
    await tab('shop.simul').waitFor();
    assert.equal(await groups().count(), 2);
    assert.equal(await row('baker').getAttribute('aria-selected'), 'true');
    await workbench.screenshot('source-beside-trace');
  });

  it('shows the next source in the group of the first', async () => {
    await row('seller').click();
    await activeLine(7).waitFor();
    assert.equal(await groups().count(), 2);
    assert.equal(await row('seller').getAttribute('aria-selected'), 'true');
  });

  it('does so from the second of two groups', async () => {
    await workbench.closeAllEditors();
    await workbench.openFile('one.mjs');
    await openSaved();
    await workbench.runCommand('View: Move Editor into Next Group');
    await groups().nth(1).locator('.tab.active', { hasText: 'shop.simul' }).waitFor();
    await row('baker').waitFor();
    await row('baker').click();
    await tab('shop.ts').waitFor();
    await tab('shop.simul').waitFor();
    await activeLine(3).waitFor();
    assert.equal(await groups().count(), 2);
    assert.equal(await row('baker').getAttribute('aria-selected'), 'true');
  });

  it('opens the recording of a terminal, by its folder or from the list of the last', async () => {
    await workbench.closeAllEditors();
    await workbench.runCommand('Simul: Open Trace…');
    await chooseRow(workbench.page, 'Open Trace', /shop\.ts/);
    await tab(/^Simul$/).waitFor();
    await row('baker').waitFor();
    await workbench.screenshot('recording-opened');
  });

  it('does not cover itself either, where it is the only editor', async () => {
    assert.equal(await groups().count(), 1);
    await row('seller').click();
    await tab('shop.ts').waitFor();
    await activeLine(7).waitFor();
    await tab(/^Simul$/).waitFor();
    assert.equal(await groups().count(), 2);
  });

  const running = (text: string): Locator =>
    workbench.page.locator('[id="simul.simul.simul.status"]', { hasText: text });
  const dialog = (): Locator => workbench.page.locator('.monaco-dialog-box');

  async function traceFile(name: string): Promise<void> {
    await workbench.openFile(name);
    await workbench.runCommand('Simul: Trace Current File');
  }

  it('asks before a second program ends the first, and keeps both', async () => {
    await traceFile('one.mjs');
    await running('one.mjs').waitFor();
    await traceFile('two.mjs');
    await dialog().getByText('one.mjs still runs under trace. Stop it before two.mjs begins?').waitFor();
    await workbench.screenshot('second-program-asks');
    await dialog().getByRole('button', { name: 'Keep Both' }).click();
    await running('2 programs').waitFor();
  });

  it('stops the one that is chosen, and the other by itself', async () => {
    await workbench.runCommand('Simul: Stop Program');
    await chooseRow(workbench.page, 'Stop which program\\?', 'one.mjs');
    await running('two.mjs').waitFor();
    await workbench.runCommand('Simul: Stop Program');
    await running('two.mjs').waitFor({ state: 'detached' });
  });

  it('stops the first where the user says so, and begins neither where the user cancels', async () => {
    await traceFile('one.mjs');
    await running('one.mjs').waitFor();
    await traceFile('two.mjs');
    await dialog().getByRole('button', { name: 'Cancel' }).click();
    await dialog().waitFor({ state: 'detached' });
    await running('one.mjs').waitFor();
    await traceFile('two.mjs');
    await dialog().getByRole('button', { name: 'Stop It First' }).click();
    await running('two.mjs').waitFor();
    await workbench.runCommand('Simul: Stop Program');
    await running('two.mjs').waitFor({ state: 'detached' });
  });
});
