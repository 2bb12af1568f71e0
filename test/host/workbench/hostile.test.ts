import assert from 'node:assert/strict';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { savedTraceFromText } from '../trace-file.ts';
import { openWorkbench, screenshotFailures, type Workbench } from '../workbench.ts';

describe('a hostile trace file', function () {
  this.bail(true);

  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'simul-hostile-')));
  const outside = realpathSync(mkdtempSync(join(tmpdir(), 'simul-outside-')));
  const secret = join(outside, 'secret.txt');
  const markup = '<img src=x onerror=alert(1)>';
  let workbench: Workbench;
  screenshotFailures(() => workbench);

  before(async () => {
    writeFileSync(secret, 'what nobody asked for\n');
    writeFileSync(
      join(folder, 'hostile.simul'),
      savedTraceFromText(`
        0 0 laneBegin name="main" kind=main
        0 0 activationBegin id=1 site="${secret}:1:1 function f" name="reader" kind=async-function
        5 0 activationBegin id=2 site="/no/such/file.ts:1:1 function f" name="${markup}" kind=async-function
        10 0 wait id=2 reason=timer
        20 0 wait id=1 site="${secret}:1:1 await f | read()" reason=timer
        900 0 run id=1
        1000 0 activationEnd id=1 outcome=ok
      `),
    );
    workbench = await openWorkbench({ folder });
    await workbench.runCommand('Simul: Open Trace…');
    await workbench.chooseFile('Open a trace', join(folder, 'hostile.simul'));
    await workbench.webview().locator('.toolbar .mode').getByText('File').waitFor();
  });
  after(async () => {
    await (workbench as Workbench | undefined)?.close();
    for (const path of [folder, outside]) rmSync(path, { recursive: true, force: true });
  });

  it('has its text shown as text', async () => {
    await workbench.webview().locator('[role=treeitem]', { hasText: markup }).waitFor();
    assert.equal(await workbench.webview().locator('img').count(), 0);
  });

  it('has a file outside the workspace opened only after the user agreed', async () => {
    const { page } = workbench;
    const task = workbench.webview().locator('[role=treeitem]', { hasText: 'reader' });
    const dialog = page.locator('.monaco-dialog-box');
    await task.click();
    await page.locator('.monaco-dialog-box', { hasText: secret }).waitFor();
    assert.match(await dialog.innerText(), /The trace names a file outside this workspace\./);
    await workbench.screenshot('hostile-asks');
    await dialog.locator('.monaco-button', { hasText: 'Cancel' }).click();
    await dialog.waitFor({ state: 'detached' });
    assert.equal(await page.locator('.tab', { hasText: 'secret.txt' }).count(), 0);
    // A click on the link is a request of its own: the user is asked again, and may agree.
    await workbench.webview().getByRole('tab', { name: 'Span' }).click();
    await workbench.webview().locator('.tab-body').getByText('secret.txt:1').click();
    await dialog.locator('.monaco-button', { hasText: 'Open' }).click();
    await page.locator('.tab', { hasText: 'secret.txt' }).waitFor();
  });
});
