import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { savedTraceFromText } from '../trace-file.ts';
import { openWorkbench, screenshotFailures, type Workbench } from '../workbench.ts';

const REFUSAL = 'Simul runs programs only in a workspace that you trust.';

describe('in a workspace that is not trusted', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'simul-restricted-')));
  let workbench: Workbench;
  screenshotFailures(() => workbench);

  before(async () => {
    writeFileSync(
      join(folder, 'ran.mjs'),
      `import { writeFileSync } from 'node:fs';\nwriteFileSync(new URL('./ran', import.meta.url), '');\n`,
    );
    writeFileSync(
      join(folder, 'saved.simul'),
      savedTraceFromText(`
        0 0 laneBegin name="main" kind=main
        0 0 activationBegin id=1 site="/no/such/file.ts:1:1 function f" name="reader" kind=async-function
        900 0 activationEnd id=1 outcome=ok
      `),
    );
    workbench = await openWorkbench({ folder, file: join(folder, 'ran.mjs'), restricted: true });
    await workbench.page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor();
  });
  after(async () => {
    await (workbench as Workbench | undefined)?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('running is refused with the reason, and nothing runs', async () => {
    await workbench.runCommand('Simul: Show Panel');
    await workbench.webview().getByRole('button', { name: 'Trace Current File' }).click();
    await workbench.page
      .locator('.notification-toast', {
        hasText: REFUSAL,
      })
      .getByText('Manage Trust')
      .waitFor();
    await workbench.screenshot('restricted-refused');
    assert.equal(existsSync(join(folder, 'ran')), false);
    await workbench.runCommand('Notifications: Clear All Notifications');
  });

  it('the example is refused before its file is opened, and the way to trust is one click away', async () => {
    const { page } = workbench;
    await workbench.webview().getByRole('button', { name: 'Try It' }).click();
    await page.locator('.notification-toast', { hasText: REFUSAL }).getByText('Manage Trust').click();
    await page.locator('.workspace-trust-editor').waitFor();
    await workbench.screenshot('restricted-trust');
    assert.equal(await page.locator('.tab', { hasText: 'producers-consumers.ts' }).count(), 0);
    // It lies above the window, and takes its keys once it has the focus.
    await page.locator('.workspace-trust-editor:focus').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.workspace-trust-editor').waitFor({ state: 'hidden' });
  });

  it('no step of the walkthrough is done by a refusal', async () => {
    const { page } = workbench;
    await workbench.runCommand('Welcome: Open Walkthrough');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'concurrency' }).first().click();
    const steps = page.locator('.codicon-getting-started-step-unchecked');
    await steps.nth(2).waitFor();
    await workbench.screenshot('restricted-walkthrough');
    assert.equal(await steps.count(), 3);
  });

  it('opening a saved trace works', async () => {
    await workbench.closeAllEditors();
    await workbench.runCommand('Simul: Open Trace…');
    await workbench.chooseFile('Open a trace', join(folder, 'saved.simul'));
    await workbench.webview().locator('[role=treeitem]', { hasText: 'reader' }).waitFor();
  });
});
