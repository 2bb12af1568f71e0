import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import type { Locator } from 'playwright-core';
import { openTrace as readTrace } from '../../../runtime/launch/open-trace.ts';
import { describeKept } from '../../../runtime/trace/words/kept.ts';
import { openWorkbench, screenshotFailures, stopAfterFailure, type Workbench } from '../workbench.ts';

/** Two tasks throw a ball until a file exists: the test decides when the program ends. */
const PROGRAM = [
  `import { existsSync } from 'node:fs';`,
  `import { setTimeout as sleep } from 'node:timers/promises';`,
  ``,
  `const enough = (): boolean => existsSync(new URL('./enough', import.meta.url));`,
  `let catchBall: (() => void) | undefined;`,
  ``,
  `async function thrower(): Promise<void> {`,
  `  while (!enough()) {`,
  `    await sleep(20);`,
  `    catchBall?.();`,
  `  }`,
  `}`,
  ``,
  `async function catcher(): Promise<void> {`,
  `  while (!enough()) {`,
  `    await new Promise<void>((caught) => (catchBall = caught));`,
  `  }`,
  `}`,
  ``,
  `await Promise.race([thrower(), catcher()]);`,
  `console.log('enough');`,
  `process.exit(0);`,
];

describe('tracing in the workbench', function () {
  stopAfterFailure();

  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'simul-workbench-')));
  const saved = join(folder, 'ball.simul');
  let workbench: Workbench;
  screenshotFailures(() => workbench);

  before(async () => {
    writeFileSync(join(folder, 'ball.ts'), `${PROGRAM.join('\n')}\n`);
    workbench = await openWorkbench({ folder, file: join(folder, 'ball.ts') });
  });
  after(async () => {
    await (workbench as Workbench | undefined)?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const row = (name: string): Locator =>
    workbench.webview().locator('[role=treeitem].task', { hasText: name }).first();
  const dialog = (title: string): Locator =>
    workbench.page.locator('.quick-input-widget', {
      has: workbench.page.locator('.quick-input-title', { hasText: title }),
    });
  const mode = (): Locator => workbench.webview().locator('.toolbar .mode');

  it('draws its tasks while the program still runs', async () => {
    await workbench.runCommand('Simul: Trace Current File');
    await mode().getByText('Live').waitFor();
    await row('thrower').waitFor();
    await row('catcher').waitFor();
    await workbench.screenshot('tracing-live');
    // The program ends only after the next lines, so the tasks were drawn live.
    assert.equal(existsSync(join(folder, 'enough')), false);
    assert.equal(await mode().innerText(), 'Live');
    await workbench.page.locator('.statusbar-item', { hasText: 'ball.ts' }).waitFor();
    writeFileSync(join(folder, 'enough'), '');
    await mode().getByText('Ended').waitFor();
    await workbench.webview().getByText('ball.ts ended with exit code 0.').first().waitFor();
  });

  it('says beside the awaits how long they waited', async () => {
    const hint = workbench.page.locator('.view-line', { hasText: 'await sleep(20)' });
    await hint.getByText(/waited\s\d+×\s·\smedian\s\d+\sms/).waitFor();
    await workbench.screenshot('tracing-ended');
  });

  it('moves the editor to the line of a task that is selected in the panel', async () => {
    await row('catcher').click();
    // The focus stays in the panel, so the active line is the one that the panel moved.
    await workbench.page.locator('.editor-instance .active-line-number', { hasText: /^14$/ }).waitFor();
    await workbench.screenshot('tracing-source');
  });

  it('shows everything again when its tab was hidden in between', async () => {
    const { page } = workbench;
    await page.getByRole('tab', { name: /^Simul,/ }).click();
    await workbench.runCommand('File: New Untitled Text File');
    await page.locator('.tab.active', { hasText: 'Untitled' }).waitFor();
    await page.getByRole('tab', { name: /^Simul,/ }).click();
    await mode().getByText('Ended').waitFor();
    await row('thrower').waitFor();
  });

  it('saves the last seconds alone, and redacted', async () => {
    const { page } = workbench;
    await workbench.runCommand('Simul: Save Trace As…');
    const choice = dialog('What to save');
    for (const label of ['Only the last seconds', 'Redacted'])
      await choice.locator('.quick-input-list .monaco-list-row', { hasText: label }).click();
    await choice.locator('input[type="text"]').press('Enter');
    await dialog('Save the last seconds').locator('input').fill('0');
    await page.keyboard.press('Enter');
    await workbench.chooseFile('Save the trace', saved);
    await page.locator('.notification-toast', { hasText: /Saved ball\.simul: [\d,]+ records/ }).waitFor();
    const trace = readTrace(saved);
    assert.ok(typeof trace !== 'string');
    assert.match(describeKept(trace.trace) ?? '', /left out when it was saved/);
    assert.ok(!trace.trace.sites.some(({ file }) => file.startsWith('/')));
    rmSync(saved);
    await workbench.runCommand('Notifications: Clear All Notifications');
  });

  it('saves the trace, and opens it in an editor of its own', async () => {
    const { page } = workbench;
    await workbench.runCommand('Simul: Save Trace As…');
    await dialog('What to save').locator('input[type="text"]').press('Enter');
    await workbench.chooseFile('Save the trace', saved);
    await page.locator('.notification-toast', { hasText: /Saved ball\.simul: [\d,]+ records/ }).waitFor();
    assert.equal(readFileSync(saved).subarray(0, 8).toString(), 'SIMULTRC');
    await page.locator('.notification-toast').getByText('Open', { exact: true }).click();
    await page.locator('.tab.active', { hasText: 'ball.simul' }).waitFor();
    await mode().getByText('File').waitFor();
    await row('thrower').waitFor();
    await workbench.screenshot('trace-editor');
  });

  it('says where a trace is damaged, and shows what is whole', async () => {
    const whole = readFileSync(saved);
    await openTrace('cut.simul', whole.subarray(0, whole.length - 10));
    await workbench
      .webview()
      .getByText(/cut\.simul: .*cut at byte \d+/)
      .first()
      .waitFor();
    await row('thrower').waitFor();
    await workbench.screenshot('trace-editor-damaged');
  });

  for (const [name, content, words] of [
    ['empty.simul', '', 'it is empty'],
    ['foreign.simul', '{"traceEvents":[]}', 'it is not a Simul trace'],
    ['newer.simul', 'SIMULTRC\u0063\0\0\0\0\0\0\0', 'it was saved by a newer Simul'],
  ] as const) {
    it(`says of ${name} that ${words}`, async () => {
      await openTrace(name, content);
      await workbench.webview().getByText(words).first().waitFor();
    });
  }

  it('comes back with everything when the window is reloaded', async () => {
    const { page } = workbench;
    // The payload names a file to open, which would open in place of the former editors.
    const url = new URL(page.url());
    url.searchParams.delete('payload');
    await page.goto(url.href);
    await page.waitForSelector('.monaco-workbench .statusbar-item');
    await page.getByRole('tab', { name: /^Simul,/ }).click();
    await mode().getByText('Ended').waitFor();
    await row('thrower').waitFor();
    await page.locator('.statusbar-item[aria-label*="recorded before this window was reloaded"]').waitFor();
    await workbench.screenshot('tracing-reloaded');
  });

  async function openTrace(name: string, content: string | Uint8Array): Promise<void> {
    const { page } = workbench;
    writeFileSync(join(folder, name), content);
    await workbench.runCommand('Simul: Open Trace…');
    await workbench.chooseFile('Open a trace', join(folder, name));
    await page.locator('.tab.active', { hasText: name }).waitFor();
  }
});
