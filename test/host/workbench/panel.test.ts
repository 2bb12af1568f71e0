import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { tree } from '../../machine/tree.ts';
import { openWorkbench, showFailures, type Workbench } from '../workbench.ts';

describe('the installed extension, in the workbench', () => {
  let workbench: Workbench;
  showFailures(() => workbench);
  const complaints: string[] = [];

  before(async () => {
    workbench = await openWorkbench({ folder: join(tree, 'examples') });
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

  it('runs the example under trace, draws it, and says how it ended', async () => {
    await workbench.runCommand('Simul: Try It on an Example');
    const panel = workbench.webview();
    await panel
      .getByText(/ended .*with exit code 0/)
      .first()
      .waitFor();
    await panel.locator('canvas').first().waitFor();
    await workbench.screenshot('workbench-try-it');
    assert.deepEqual(complaints, []);
  });
});
