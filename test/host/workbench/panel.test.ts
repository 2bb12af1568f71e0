import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { openWorkbench, screenshotFailures, type Workbench } from '../workbench.ts';

describe('the installed extension, in a window without a folder', () => {
  let workbench: Workbench;
  screenshotFailures(() => workbench);
  const complaints: string[] = [];

  before(async () => {
    workbench = await openWorkbench({});
    // What the panel's frame is refused, the workbench's console tells.
    workbench.page.on('console', (message) => {
      if (/Content Security Policy/.test(message.text())) complaints.push(message.text());
    });
  });
  after(() => (workbench as Workbench | undefined)?.close());

  it('shows the panel from the palette, and the panel draws something', async () => {
    await workbench.runCommand('Simul: Show Panel');
    await workbench.webview().locator('#root > *').first().waitFor();
    await workbench.screenshot('workbench-panel');
    assert.deepEqual(complaints, []);
  });

  it('runs the example under trace beside its source, draws it, and says how it ended', async () => {
    const { page } = workbench;
    await workbench.runCommand('Simul: Try It on an Example');
    const panel = workbench.webview();
    await page.locator('.tab.active', { hasText: 'producers-consumers.ts' }).waitFor();
    await page.locator('.tab.active', { hasText: /^Simul$/ }).waitFor();
    await panel
      .getByText(/ended .*with exit code 0/)
      .first()
      .waitFor();
    await panel.locator('[role=treeitem].task', { hasText: 'produce' }).first().waitFor();
    await panel.locator('canvas').first().waitFor();
    await workbench.screenshot('try-it');
    assert.deepEqual(complaints, []);
  });

  it('was activated by its use, not at startup', async () => {
    const { page } = workbench;
    // The list draws the rows that fit alone, the slowest first.
    await page.setViewportSize({ width: 1440, height: 2400 });
    await workbench.runCommand('Developer: Show Running Extensions');
    const row = page.locator('.runtime-extensions-editor .monaco-list-row', { hasText: 'Simul' });
    // It is "Startup Activation" otherwise. How long it took, bench/activation.ts measures.
    assert.match(await row.getByText(/Activation: \d+ms/).innerText(), /^Activation: /);
  });
});
