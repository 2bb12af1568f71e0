/**
 * Menus that lead into a trace, several programs in one picture, and a save that is cancelled. What
 * is driven here exists on no other way.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import type { Locator } from 'playwright-core';
import {
  chooseFromMenu,
  chooseRow,
  openWorkbench,
  screenshotFailures,
  stopAfterFailure,
  type Workbench,
} from '../workbench.ts';

const WORK = `import { setTimeout as sleep } from 'node:timers/promises';
async function fetchOrders() {
  await sleep(30);
}
await Promise.all([fetchOrders(), fetchOrders()]);
`;
/** It says its port in a file, and ends when it is asked to. */
const SERVER = `import { createServer } from 'node:http';
import { renameSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
async function answer(request, response) {
  await sleep(40);
  response.end('ok');
  if (request.url === '/end') server.close();
}
const server = createServer(answer);
server.listen(0, '127.0.0.1', () => {
  writeFileSync(new URL('port.tmp', import.meta.url), String(server.address().port));
  renameSync(new URL('port.tmp', import.meta.url), new URL('port.txt', import.meta.url));
});
`;
const CLIENT = `import { readFileSync } from 'node:fs';
const port = readFileSync(new URL('port.txt', import.meta.url), 'utf8');
async function ask(path) {
  const headers = { connection: 'close' };
  return (await fetch(\`http://127.0.0.1:\${port}\${path}\`, { headers })).text();
}
for (const path of ['/a', '/b', '/end']) await ask(path);
`;
const MANIFEST = '{\n  "scripts": {\n    "other": "node -v",\n    "work": "node work.mjs"\n  }\n}\n';

describe('menus and several programs, in the workbench', function () {
  stopAfterFailure();

  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'simul-workbench-')));
  let workbench: Workbench;
  screenshotFailures(() => workbench);

  before(async () => {
    const files = { 'work.mjs': WORK, 'server.mjs': SERVER, 'client.mjs': CLIENT, 'package.json': MANIFEST };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    workbench = await openWorkbench({ folder, file: join(folder, 'package.json') });
    // Menus are whole when the workspace is known to be trusted; the lens waits for that, too.
    await workbench.page.locator('.codelens-decoration a', { hasText: 'Trace with Simul' }).first().waitFor();
  });
  after(async () => {
    await (workbench as Workbench | undefined)?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const file = (name: string): Locator =>
    workbench.page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }).first();
  const items = (): Locator => workbench.page.locator('.monaco-menu .action-label');
  const answer = (): Locator => workbench.webview().locator('.answer');
  const row = (name: string | RegExp): Locator =>
    workbench.webview().locator('[role=treeitem]', { hasText: name }).first();
  const ended = (words: RegExp): Promise<void> => workbench.webview().getByText(words).first().waitFor();

  /** Opens the menu and chooses from it. @returns what Simul offers in it */
  async function choose(target: Locator, title: string, picture: string): Promise<string[]> {
    await target.click({ button: 'right' });
    await items().filter({ hasText: title }).waitFor();
    await workbench.screenshot(picture);
    const offered = (await items().allInnerTexts()).filter((text) => /trace|simul/i.test(text));
    await chooseFromMenu(items().filter({ hasText: title }));
    return offered;
  }

  it('trace the script at which the menu of a package.json is opened', async () => {
    const script = workbench.page.locator('.view-line', { hasText: 'node work.mjs' });
    const offered = await choose(
      script.getByText('work', { exact: false }).last(),
      'Trace npm Script',
      'menu-script',
    );
    assert.deepEqual(offered, ['Trace npm Script…']);
    await ended(/work ended with exit code 0\./);
    await answer().filter({ hasText: /\d ms/ }).waitFor();
  });

  it('trace a script of a package.json in the explorer, which asks for the script', async () => {
    const offered = await choose(file('package.json'), 'Trace npm Script', 'menu-explorer-manifest');
    assert.deepEqual(offered, ['Trace npm Script…']);
    await workbench.page
      .locator('.quick-input-list .monaco-list-row', { hasText: 'node work.mjs' })
      .waitFor();
    await workbench.screenshot('menu-choose-script');
    await chooseRow(workbench.page, 'Trace Script', 'other');
    await ended(/other ended with exit code 0\./);
  });

  it('trace the file that is chosen in the explorer, not the one in the editor', async () => {
    const offered = await choose(file('work.mjs'), 'Trace with Simul', 'menu-explorer-file');
    assert.deepEqual(offered, ['Trace with Simul']);
    await ended(/work\.mjs ended with exit code 0\./);
    await row('fetchOrders').waitFor();
  });

  it('draw a server and its client together, from either’s own menu', async () => {
    await choose(file('server.mjs'), 'Trace with Simul', 'menu-explorer-server');
    await workbench.webview().locator('.toolbar .mode').getByText('Live').waitFor();
    await row('server').waitFor();
    await file('port.txt').waitFor();
    await choose(file('client.mjs'), 'Trace with Simul', 'menu-explorer-client');
    const dialog = workbench.page.locator('.monaco-dialog-box');
    await dialog.getByRole('button', { name: 'Trace Together' }).click();
    // Either ends first.
    await ended(
      /(?:server|client)\.mjs ended with exit code 0\. (?:server|client)\.mjs ended with exit code 0\./,
    );
    await row('client').waitFor();
    await workbench.webview().locator('.toolbar').getByText('server.mjs, client.mjs').waitFor();
    await row('answer').waitFor();
    await workbench.screenshot('together');
  });
});
