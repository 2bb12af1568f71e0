/** A program that is debugged live, with the debugger over its recording beside it. */
import { cpSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { tree } from '../../machine/tree.ts';
import { openWorkbench, screenshotFailures, stopAfterFailure, type Workbench } from '../workbench.ts';

/** A queue of one place is filled and emptied for as long as anybody looks. */
const PROGRAM = [
  `import { Queue, sleep } from 'simul';`,
  ``,
  `const belt = new Queue({ name: 'belt', capacity: 1 });`,
  ``,
  `async function load(n) {`,
  `  await belt.put(n);`,
  `}`,
  ``,
  `for (let i = 0; i < 10_000; i++) {`,
  `  await load(i);`,
  `  await sleep(20);`,
  `  await belt.get();`,
  `}`,
];

describe('the debugger over the recording of a live program, in the workbench', function () {
  stopAfterFailure();

  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'simul-workbench-')));
  const recordings = mkdtempSync(join(tmpdir(), 'simul-workbench-recordings-'));
  let workbench: Workbench;
  screenshotFailures(() => workbench);

  before(async () => {
    const file = join(folder, 'belt.mjs');
    writeFileSync(file, `${PROGRAM.join('\n')}\n`);
    cpSync(join(tree, 'dist/package'), join(folder, 'node_modules/simul'), { recursive: true });
    const size = { width: 1440, height: 1600 };
    workbench = await openWorkbench({ folder, file, size, env: { SIMUL_RECORDINGS: recordings } });
  });
  after(async () => {
    await (workbench as Workbench | undefined)?.close();
    rmSync(folder, { recursive: true, force: true });
    rmSync(recordings, { recursive: true, force: true });
  });

  it('opens beside the built-in one, while the program runs', async () => {
    const { page } = workbench;
    await page.locator('.editor-instance .view-line').first().click();
    await workbench.runCommand('Simul: Debug Current File');
    await page.locator('.debug-toolbar').waitFor();
    await workbench.runCommand('View: Show Run and Debug');
    await workbench.runCommand('Simul: Open a Recording in the Debugger');
    await page
      .locator('.quick-input-list .monaco-list-row', { hasText: 'belt.mjs, the newest recording' })
      .click();
    await page.locator('.debug-call-stack').getByText('module belt.mjs begins').first().waitFor();
    await workbench.screenshot('live-recording');
  });

  it('stops the program at an event that is ticked there', async () => {
    const { page } = workbench;
    await page
      .locator('.debug-breakpoints .monaco-list-row', { hasText: 'Event: a queue is full' })
      .locator('.monaco-custom-toggle')
      .click();
    // The program stands behind its `put`; the recording's own session stands where it did.
    const line = page.locator('.editor-instance .view-line', { hasText: 'belt.put' });
    await line.locator('.debug-top-stack-frame-column').waitFor();
    await workbench.screenshot('live-recording-stopped');
  });
});
