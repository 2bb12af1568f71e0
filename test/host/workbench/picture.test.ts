import assert from 'node:assert/strict';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import type { Locator } from 'playwright-core';
import { until } from '../suite/until.ts';
import { openWorkbench, screenshotFailures, stopAfterFailure, type Workbench } from '../workbench.ts';

/**
 * Awaits one after another, inside a function that is awaited at once. A run ends with another exit
 * code once a file is there: that tells the second from the first.
 */
const PROGRAM = [
  `import { existsSync } from 'node:fs';`,
  `const sleep = (ms: number) => new Promise((go) => setTimeout(go, ms));`,
  ``,
  `async function fetchOrder(n: number): Promise<number> {`,
  `  await sleep(60);`,
  `  return n;`,
  `}`,
  ``,
  `async function report(): Promise<number> {`,
  `  let sum = 0;`,
  `  for (let n = 0; n < 12; n++) sum += await fetchOrder(n);`,
  `  return sum;`,
  `}`,
  ``,
  `async function ticker(): Promise<void> {`,
  `  for (let n = 0; n < 5; n++) await sleep(100);`,
  `}`,
  ``,
  `console.log(await Promise.all([report(), ticker()]));`,
  `if (existsSync(new URL('./again', import.meta.url))) process.exitCode = 3;`,
];

describe('the picture in the workbench, with the terminal open', function () {
  stopAfterFailure();

  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'simul-picture-')));
  let workbench: Workbench;
  screenshotFailures(() => workbench);

  before(async () => {
    writeFileSync(join(folder, 'orders.ts'), `${PROGRAM.join('\n')}\n`);
    workbench = await openWorkbench({
      folder,
      file: join(folder, 'orders.ts'),
      size: { width: 1280, height: 800 },
    });
  });
  after(async () => {
    await (workbench as Workbench | undefined)?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const panel = () => workbench.webview();
  const lanes = (): Locator => panel().locator('.lanes');
  const ended = () => panel().locator('.toolbar .mode', { hasText: 'Ended' }).waitFor();
  const drawn = () => panel().locator('.lanes[aria-busy=false]').waitFor();
  const selected = (): Locator => panel().locator('.tree-row.current');

  it('has at least half of the panel, and the cause stands above it', async () => {
    await workbench.runCommand('Simul: Trace Current File');
    await ended();
    await panel().locator('.answer .sentence', { hasText: 'one after another' }).waitFor();
    await drawn();
    await workbench.page.locator('.terminal').first().waitFor();
    const picture = (await lanes().boundingBox())!;
    const whole = (await workbench.page.locator('iframe.webview.ready').boundingBox())!;
    const share = (picture.width * picture.height) / (whole.width * whole.height);
    await workbench.screenshot('picture-first');
    assert.ok(share >= 0.5, `the picture has ${Math.round(share * 100)} % of the panel`);
  });

  it('has the verdict’s proof one key away, and its line in the editor', async () => {
    await lanes().focus();
    await workbench.page.keyboard.press('e');
    await selected().waitFor();
    await workbench.page.locator('.editor-instance .active-line-number').first().waitFor();
    await workbench.screenshot('picture-verdict');
  });

  it('is as it was when its tab comes back: range, selection, open tab', async () => {
    const { page } = workbench;
    await lanes().focus();
    for (const key of ['w', 'w']) await page.keyboard.press(key);
    await drawn();
    await panel().getByRole('tab', { name: 'Span' }).click();
    await panel().getByRole('tabpanel', { name: 'Span' }).waitFor();
    const details = panel().locator('.tab-body');
    const before = await details.innerText();
    await page.getByRole('tab', { name: /^Simul,/ }).click();
    await workbench.runCommand('File: New Untitled Text File');
    await page.locator('.tab.active', { hasText: 'Untitled' }).waitFor();
    await page.getByRole('tab', { name: /^Simul,/ }).click();
    await ended();
    await selected().waitFor();
    await drawn();
    await until('the same details', async () => ((await details.innerText()) === before ? true : null));
    await panel().getByRole('tab', { name: 'Span' }).click();
  });

  it('follows and fits the second run of the same file', async () => {
    const { page } = workbench;
    await page.getByRole('tab', { name: /^orders\.ts/ }).click();
    writeFileSync(join(folder, 'again'), '');
    await workbench.runCommand('Simul: Trace Current File');
    await panel().getByText('orders.ts ended with exit code 3.').first().waitFor();
    await ended();
    assert.equal(await selected().count(), 0, 'nothing of the first run is selected');
    await lanes().focus();
    await drawn();
    const shown = await lanes().screenshot();
    await page.keyboard.press('Shift+F');
    await drawn();
    await workbench.screenshot('picture-second-run');
    assert.ok((await lanes().screenshot()).equals(shown), 'the whole run was in view before');
  });

  it('has the focus as soon as the panel has it, and takes keys', async () => {
    const { page } = workbench;
    await page.getByRole('tab', { name: /^Simul,/ }).click();
    await workbench.runCommand('Simul: Show Panel');
    // The picture takes the focus that the panel is given: not one press is needed.
    await panel().locator('.lanes:focus').waitFor();
    await page.keyboard.press('e');
    await selected().waitFor();
  });
});
