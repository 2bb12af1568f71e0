import assert from 'node:assert/strict';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { savedTraceFromText } from '../trace-file.ts';
import { openWorkbench, screenshotFailures, type Workbench } from '../workbench.ts';

describe('the keys of the panel, where VS Code’s key bindings decide', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'simul-keys-')));
  let workbench: Workbench;
  screenshotFailures(() => workbench);

  before(async () => {
    writeFileSync(
      join(folder, 'saved.simul'),
      savedTraceFromText(`
        0 0 laneBegin name="main" kind=main
        0 0 activationBegin id=1 site="/no/such/file.ts:1:1 function f" name="reader" kind=async-function
        900 0 activationEnd id=1 outcome=ok
      `),
    );
    workbench = await openWorkbench({ folder, settings: { 'simul.panel.keybindings': true } });
    await workbench.runCommand('Simul: Open Trace…');
    await workbench.chooseFile('Open a trace', join(folder, 'saved.simul'));
    await workbench.webview().locator('[role=treeitem]', { hasText: 'reader' }).waitFor();
  });
  after(async () => {
    await (workbench as Workbench | undefined)?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('reach the picture through its commands', async () => {
    const { page } = workbench;
    const search = workbench.webview().locator('.search input');
    await workbench.webview().locator('canvas.lanes').focus();
    // VS Code hears of the focus a little later than the page: a key before that is not bound yet.
    await assert.doesNotReject(async () => {
      while (!(await search.isVisible())) {
        await page.keyboard.press('/');
        await search.waitFor({ timeout: 1000 }).catch(() => undefined);
      }
    });
    // In the field the same key is a letter.
    await search.fill('');
    await page.keyboard.type('w/f');
    assert.equal(await search.inputValue(), 'w/f');
    await page.keyboard.press('Escape');
  });

  it('are commands of the palette, beside the panel', async () => {
    await workbench.runCommand('Simul Panel: List the Keys');
    await workbench.webview().getByText('Zoom in at the cursor').waitFor();
  });
});
