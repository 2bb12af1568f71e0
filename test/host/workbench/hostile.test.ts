import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { encodePartHead, partName } from '../../../runtime/trace/format/part.ts';
import { fromText } from '../../../runtime/trace/format/text.ts';
import { savedTraceFromText } from '../trace-file.ts';
import {
  chooseFolder,
  chooseRow,
  openWorkbench,
  screenshotFailures,
  stopAfterFailure,
  type Workbench,
} from '../workbench.ts';

describe('a hostile trace file', function () {
  stopAfterFailure();

  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'simul-hostile-')));
  const outside = realpathSync(mkdtempSync(join(tmpdir(), 'simul-outside-')));
  const secret = join(outside, 'secret.txt');
  const markup = '<img src=x onerror=alert(1)>';
  const link = '[free](command:workbench.action.files.newUntitledFile)';
  const turned = '\u202Etxt.drowssap';
  const recording = join(folder, 'recording');
  const source = join(folder, 'own.ts');
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
        6 0 activationBegin id=3 site="/no/such/file.ts:2:1 function f" name="${link}" kind=async-function
        7 0 activationBegin id=4 site="/no/such/file.ts:3:1 function f" name="${turned}" kind=async-function
        8 0 wait id=4 reason=timer
        9 0 wait id=3 reason=timer
        10 0 wait id=2 reason=timer
        20 0 wait id=1 site="${secret}:1:1 await f | read()" reason=timer
        900 0 run id=1
        1000 0 activationEnd id=1 outcome=ok
      `),
    );
    writeFileSync(source, 'await it();\n');
    mkdirSync(recording);
    writeFileSync(
      join(recording, partName(0x7ffffff0, 1000n, 0)),
      Buffer.concat([
        encodePartHead({ pid: 0x7ffffff0, segment: 0, startNs: 1000n, wallNs: 5n, language: 1 }),
        fromText(`
          1000 0 clock wall=1000000 wallHigh=400000000
          1001 0 processBegin pid=41 parentPid=7 argv="node ${link}" version="v20" language=node method=program
          1002 0 laneBegin name="main" kind=main osThread=41
          1003 0 activationBegin id=1 name="${link}${markup}${turned}" kind=async-function
          1004 0 wait id=1 site="${source}:1:1 await! f | it()" reason=future
          1005 0 activationBegin id=2 name="${turned}" kind=async-function
          1006 0 wait id=2 site="${secret}:1:1 await! f | ${link}" reason=future
          99000000 0 processEnd how=exit`),
      ]),
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
    const tree = workbench.webview().locator('[role=treeitem]');
    for (const name of [markup, link, '·txt.drowssap'])
      await tree.filter({ hasText: name }).first().waitFor();
    assert.equal(await workbench.webview().locator('img, a[href^="command:"]').count(), 0);
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

  it('has its text shown as text in the list of problems and in notifications, as a recording, too', async () => {
    const { page } = workbench;
    // A recording is shown beside the source that has the focus, or would have it a little later.
    await workbench.closeAllEditors();
    await workbench.runCommand('Simul: Open Trace…');
    await chooseRow(page, 'Open Trace', 'The folder of a recording…');
    await chooseFolder(page, 'Open a recording', recording);
    await page.locator('.tab.active', { hasText: /^Simul$/ }).waitFor();
    await workbench.webview().locator('[role=treeitem]', { hasText: link }).first().waitFor();
    await workbench.runCommand('View: Focus Problems');
    const problems = page.locator('.markers-panel');
    await problems
      .getByText(/\[free\]\(command:.*still waiting/)
      .first()
      .waitFor();
    await workbench.screenshot('hostile-problems');
    assert.equal(await problems.locator('img, a[href^="command:"]').count(), 0);
    assert.ok(!(await problems.innerText()).includes('\u202E'));
    // A click there would open a file that nobody was asked about.
    assert.ok(!(await problems.innerText()).includes('secret.txt'));
    // A folder without a recording, and a name that would be a link in a notification.
    const empty = join(folder, link);
    mkdirSync(empty);
    await workbench.runCommand('Simul: Open Trace…');
    await chooseRow(page, 'Open Trace', 'The folder of a recording…');
    await chooseFolder(page, 'Open a recording', empty);
    const toast = page.locator('.notification-toast', {
      hasText: 'No recording: there is no *.part file in',
    });
    await toast.waitFor();
    await workbench.screenshot('hostile-notification');
    assert.equal(await toast.locator('.notification-list-item-message a').count(), 0);
  });
});
