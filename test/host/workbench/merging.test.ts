import assert from 'node:assert/strict';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import type { Locator } from 'playwright-core';
import { openTrace } from '../../../runtime/launch/open-trace.ts';
import { saveTrace } from '../../../runtime/launch/saved-trace.ts';
import { producer, recordMachine, worker } from '../../support/machine-recordings.ts';
import {
  chooseFolder,
  chooseRow,
  openWorkbench,
  screenshotFailures,
  stopAfterFailure,
  type Workbench,
} from '../workbench.ts';

describe('a recording that is added to a trace', function () {
  stopAfterFailure();

  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'simul-merging-')));
  const shop = join(folder, 'shop.simul');
  // As they come from other machines: not in the workspace.
  const machines = realpathSync(mkdtempSync(join(tmpdir(), 'simul-machines-')));
  let workbench: Workbench;
  screenshotFailures(() => workbench);

  before(async () => {
    saveTrace(recordMachine(machines, 'host-a', producer(5)), shop);
    recordMachine(machines, 'host-b', worker(5), { zeroMs: 77_000n, skewMs: 2000n });
    recordMachine(machines, 'host-c', worker(0), { zeroMs: 7n });
    writeFileSync(join(folder, 'no.simul'), 'no trace');
    workbench = await openWorkbench({ folder, env: { SIMUL_RECORDINGS: join(folder, 'none') } });
    await workbench.runCommand('Simul: Open Trace…');
    await workbench.chooseFile('Open a trace', shop);
    await row('produce').waitFor();
  });
  after(async () => {
    await (workbench as Workbench | undefined)?.close();
    for (const each of [folder, machines]) rmSync(each, { recursive: true, force: true });
  });

  const row = (name: string): Locator =>
    workbench.webview().locator('[role=treeitem]', { hasText: name }).first();
  const tab = (name: string): Locator => workbench.page.locator('.tab.active', { hasText: name });
  const toast = (words: RegExp): Locator => workbench.page.locator('.notification-toast', { hasText: words });
  const clearToasts = (): Promise<void> => workbench.runCommand('Notifications: Clear All Notifications');

  it('says in one sentence what it cannot add, and leaves the trace', async () => {
    await workbench.runCommand('Simul: Add a Recording to the Trace…');
    await chooseRow(workbench.page, 'Add a Recording', 'A saved trace…');
    await workbench.chooseFile('Add a saved trace', join(folder, 'no.simul'));
    await toast(/no\.simul was not added: .*no\.simul cannot be opened: .*not a Simul trace/).waitFor();
    await tab('shop.simul').waitFor();
    await clearToasts();
  });

  it('adds nothing where the question is closed', async () => {
    await workbench.runCommand('Simul: Add a Recording to the Trace…');
    const question = workbench.page.locator('.quick-input-title', { hasText: 'Add a Recording' });
    await question.waitFor();
    await workbench.page.keyboard.press('Escape');
    await question.waitFor({ state: 'hidden' });
    await tab('shop.simul').waitFor();
  });

  it('opens both as one trace, from the button of the panel, and tells how well the clocks are known', async () => {
    await workbench.webview().getByRole('button', { name: 'Add a recording' }).click();
    await chooseRow(workbench.page, 'Add a Recording', 'The folder of a recording…');
    await chooseFolder(workbench.page, 'Add a recording', join(machines, 'host-b'));
    await tab('shop + node work.mjs.simul').waitFor();
    await toast(
      /Added node work\.mjs: the clock of host-b is known against that of host-a to ± 20 ms/,
    ).waitFor();
    for (const name of ['produce', 'work', 'count#1']) await row(name).waitFor();
    await row('count#1').click();
    await workbench
      .webview()
      .getByText(/Its job was added by produce/)
      .first()
      .waitFor();
    await workbench.screenshot('merged-trace');
    await clearToasts();
  });

  it('adds a third to what was merged, and saves it where the user wants it', async () => {
    await workbench.webview().getByRole('button', { name: 'Add a recording' }).click();
    await chooseRow(workbench.page, 'Add a Recording', 'The folder of a recording…');
    await chooseFolder(workbench.page, 'Add a recording', join(machines, 'host-c'));
    const added = toast(
      /Added node work\.mjs: .*host-b.*± 20 ms.*; the clocks of host-c and host-a are as their/,
    );
    await added.getByText('Save As…', { exact: true }).click();
    const choice = workbench.page.locator('.quick-input-widget', {
      has: workbench.page.locator('.quick-input-title', { hasText: 'What to save' }),
    });
    await choice.locator('input[type="text"]').press('Enter');
    // It is what the dialog proposes.
    const saved = join(folder, 'shop + node work.mjs + node work.mjs.simul');
    await workbench.chooseFile('Save the trace', saved);
    await toast(/Saved shop.*\.simul: [\d,]+ records/).waitFor();
    const opened = openTrace(saved);
    assert.ok(typeof opened !== 'string', String(opened));
    assert.equal(opened.trace.processes.length, 3);
    assert.equal(opened.trace.machines.count, 3);
  });
});
