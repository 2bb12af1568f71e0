/** Ways into a trace as a person takes them, and out again: each with its clicks counted. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import type { Locator } from 'playwright-core';
import { openWorkbench, screenshotFailures, stopAfterFailure, type Workbench } from '../workbench.ts';

const WORK = `import { setTimeout as sleep } from 'node:timers/promises';
async function fetchOrders() {
  await sleep(30);
}
await Promise.all([fetchOrders(), fetchOrders()]);
`;
const TESTS = `import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

test('adds an order', async () => {
  await sleep(30);
});
`;

const TASK = { type: 'simul', label: 'traced work', command: 'node work.mjs', problemMatcher: [] };

describe('ways into a trace, in the workbench', function () {
  stopAfterFailure();

  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'simul-workbench-')));
  let workbench: Workbench;
  screenshotFailures(() => workbench);

  before(async () => {
    writeFileSync(join(folder, 'work.mjs'), WORK);
    writeFileSync(join(folder, 'orders.test.mjs'), TESTS);
    writeFileSync(join(folder, 'package.json'), '{\n  "scripts": {\n    "work": "node work.mjs"\n  }\n}\n');
    mkdirSync(join(folder, '.vscode'));
    writeFileSync(join(folder, '.vscode/tasks.json'), JSON.stringify({ version: '2.0.0', tasks: [TASK] }));
    workbench = await openWorkbench({ folder, file: join(folder, 'package.json') });
  });
  after(async () => {
    await (workbench as Workbench | undefined)?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const lens = (title: string): Locator =>
    workbench.page.locator('.codelens-decoration a', { hasText: title }).first();
  const ended = (words: RegExp): Promise<void> => workbench.webview().getByText(words).first().waitFor();
  const answer = (): Locator => workbench.webview().locator('.answer');
  const dialog = (title: string): Locator =>
    workbench.page.locator('.quick-input-widget', {
      has: workbench.page.locator('.quick-input-title', { hasText: title }),
    });

  it('begin above a script of package.json, with one click', async () => {
    await lens('Trace with Simul').waitFor();
    await workbench.screenshot('ways-in-script');
    await lens('Trace with Simul').click();
    await ended(/work ended with exit code 0\./);
    // The answer follows: figures come twice a second.
    await answer().filter({ hasText: /\d ms/ }).waitFor();
    await workbench.screenshot('ways-in-script-traced');
  });

  it('begin at a command that is typed, which is proposed again', async () => {
    await workbench.runCommand('Simul: Trace Command…');
    await dialog('Trace Command').locator('input').fill('node work.mjs && node --version');
    await workbench.screenshot('ways-in-command');
    await workbench.page.keyboard.press('Enter');
    await ended(/node work\.mjs && node --version ended with exit code 0\./);
    await workbench.runCommand('Simul: Trace Command…');
    assert.equal(
      await dialog('Trace Command').locator('input').inputValue(),
      'node work.mjs && node --version',
    );
    await workbench.page.keyboard.press('Escape');
  });

  it('begin at a task of a tasks.json', async () => {
    await workbench.runCommand('Tasks: Run Task');
    await workbench.page.locator('.quick-input-list .monaco-list-row', { hasText: 'traced work' }).click();
    await ended(/node work\.mjs ended with exit code 0\./);
    await workbench.screenshot('ways-in-task');
  });

  it('begin above a test, whose title names the run', async () => {
    await workbench.page.locator('.monaco-editor .view-lines').first().click();
    await workbench.openFile('orders.test.mjs');
    await lens('Trace this test').waitFor();
    await workbench.screenshot('ways-in-test');
    await lens('Trace this test').click();
    await ended(/adds an order ended with exit code 0\./);
    await workbench.webview().locator('[role=treeitem].task', { hasText: 'adds an order' }).first().waitFor();
    await workbench.screenshot('ways-in-test-traced');
  });

  it('lead out again as a page that any browser opens', async () => {
    await workbench.runCommand('Simul: Save Report…');
    await dialog('What to save').locator('input[type="text"]').press('Enter');
    const file = join(folder, 'adds an order.html');
    await workbench.chooseFile('Save the report', file);
    await workbench.page
      .locator('.notification-toast', { hasText: /Saved adds an order\.html: one page/ })
      .waitFor();
    const page = readFileSync(file, 'utf8');
    assert.match(page, /id="trace"/);
    await workbench.screenshot('ways-out-report');
  });
});
