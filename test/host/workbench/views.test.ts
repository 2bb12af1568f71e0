/** The views of the container *Simul*, as a person sees them, and the one cursor. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { after, before, describe, it } from 'mocha';
import { tree } from '../../machine/tree.ts';
import {
  debuggerHasStopped,
  openWorkbench,
  screenshotFailures,
  stopAfterFailure,
  type Workbench,
} from '../workbench.ts';

/** Guests wait for one door; one of them holds it, for nearly all of the run. */
const PROGRAM = [
  `import { Lock, sleep } from ${JSON.stringify(join(tree, 'dist/index.js'))};`,
  ``,
  `const door = new Lock({ name: 'door' });`,
  ``,
  `async function guest(n) {`,
  `  await door.acquire();`,
  `  await sleep(50);`,
  `  door.release();`,
  `}`,
  ``,
  `const guests = [];`,
  `for (let n = 0; n < 6; n++) guests.push(guest(n));`,
  `await Promise.all(guests);`,
];

describe('the views in the workbench', function () {
  stopAfterFailure();

  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'simul-workbench-')));
  const recordings = mkdtempSync(join(tmpdir(), 'simul-workbench-recordings-'));
  let workbench: Workbench;
  screenshotFailures(() => workbench);

  before(async () => {
    const program = join(folder, 'guests.mjs');
    writeFileSync(program, `${PROGRAM.join('\n')}\n`);
    const out = join(folder, 'guests.simul');
    const args = [join(tree, 'dist/cli.js'), 'trace', '--quiet', '--out', out, program];
    const env = { ...process.env, NODE_OPTIONS: '', SIMUL_RECORDINGS: recordings };
    execFileSync(process.execPath, args, { stdio: 'ignore', env });
    const size = { width: 1440, height: 1200 };
    workbench = await openWorkbench({ folder, file: program, size, env: { SIMUL_RECORDINGS: recordings } });
  });
  after(async () => {
    await (workbench as Workbench | undefined)?.close();
    rmSync(folder, { recursive: true, force: true });
    rmSync(recordings, { recursive: true, force: true });
  });

  const pane = (title: string): Locator =>
    workbench.page.locator('.pane', { has: workbench.page.locator(`.pane-header[aria-label^="${title}"]`) });
  const row = (title: string, text: string | RegExp): Locator =>
    pane(title).locator('.monaco-list-row', { hasText: text });

  /** Presses a key of the debugger, and waits until it stands at another moment. */
  const goTo = async (key: string): Promise<void> => {
    const told = pane('Tasks').getByText(/^Replayed, /);
    const before = (await told.textContent())!;
    await debuggerHasStopped(workbench.page);
    await workbench.page.keyboard.press(key);
    await told.filter({ hasNotText: before }).waitFor();
    await debuggerHasStopped(workbench.page);
  };

  /** What an extension puts behind a line is no text of the document, but of its style. */
  const showsBehindLine = async (words: RegExp): Promise<void> => {
    await workbench.page.waitForFunction(
      (source) =>
        [...document.querySelectorAll('.editor-instance .view-line span')].some((span) =>
          new RegExp(source).test(getComputedStyle(span, '::after').content.replaceAll('\u00a0', ' ')),
        ),
      words.source,
    );
  };

  it('say what they are for while nothing is recorded, and list what a terminal has traced', async () => {
    await workbench.runCommand('View: Show Simul');
    await pane('Tasks').getByText('Every task of a program').waitFor();
    await pane('Resources').getByText('Queues, locks, limiters and pools').first().waitFor();
    await row('Recordings', 'guests.mjs').waitFor();
    assert.equal(await pane('Breakpoints on Events').locator('.monaco-list-row').count(), 5);
    await workbench.screenshot('views-empty');
  });

  it('show the replayed moment: who waits at the door, and who holds it', async () => {
    const { page } = workbench;
    await workbench.runCommand('Simul: Open a Recording in the Debugger');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'guests.simul' }).first().click();
    await page.locator('.debug-toolbar').waitFor();
    await workbench.runCommand('View: Show Simul');
    await row('Breakpoints on Events', 'A lock is taken').locator('.monaco-custom-toggle').click();
    await page.locator('.editor-instance .view-line').first().click();
    // The second guest gets the door: by then all six have come.
    await goTo('F5');
    await goTo('F5');
    await row('Resources', 'door').getByText('held, 4 tasks wait').waitFor();
    await row('Resources', /guest#2.*holds it/).waitFor();
    await row('Tasks', /× guest/)
      .getByText('wait for lock door')
      .waitFor();
    await pane('Tasks')
      .getByText(/^Replayed, .*: 7 tasks, 6 of them wait$/)
      .waitFor();
    await workbench.screenshot('views-replayed');
  });

  it('mark in the editor the line that executes, and where others wait', async () => {
    await showsBehindLine(/^"guest#\d and 3 others wait here"$/);
    await showsBehindLine(/^"module guests.mjs waits here"$/);
    await workbench.screenshot('views-marks');
  });

  it('lead the debugger to a task that is clicked, at the same moment', async () => {
    const { page } = workbench;
    const told = pane('Tasks').getByText(/^Replayed, /);
    const before = await told.textContent();
    await row('Tasks', 'module guests.mjs').first().click();
    await page.locator('.editor-instance .active-line-number', { hasText: /^13$/ }).waitFor();
    assert.equal(await told.textContent(), before);
  });

  it('go along with the steps, and back', async () => {
    await workbench.page.locator('.editor-instance .view-line').first().click();
    // The first guest gets the door; before that there is the beginning.
    await goTo('Alt+F5');
    await goTo('Alt+F5');
    await pane('Tasks')
      .getByText(/2 tasks, 0 of them wait/)
      .waitFor();
    await row('Resources', /held, 4 tasks wait/).waitFor({ state: 'detached' });
  });

  it('follow the moment that is pointed at in the panel, and move the panel’s line', async () => {
    const { page } = workbench;
    await workbench.runCommand('View: Show Explorer');
    await page.locator('.explorer-folders-view .monaco-list-row', { hasText: 'guests.simul' }).dblclick();
    const panel = workbench.webview();
    const guest = panel.locator('[role=treeitem].task', { hasText: 'guest' }).last();
    await guest.waitFor();
    await workbench.runCommand('View: Show Simul');
    const canvas = panel.locator('canvas.lanes, .lanes canvas').first();
    await panel.locator('.lanes[aria-busy=false]').waitFor();
    const box = (await canvas.boundingBox())!;
    await page.mouse.click(box.x + box.width * 0.6, box.y + 60);
    await row('Resources', /lock, held/).waitFor();
    await workbench.screenshot('views-panel');
    const current = panel.locator('[role=treeitem][aria-selected=true]');
    const selected = await current.textContent();
    // Back to where a guest before that one got the door.
    await page.locator('.editor-instance .view-line').first().click();
    await goTo('Alt+F5');
    await goTo('Alt+F5');
    await panel.locator('[role=treeitem][aria-selected=true]', { hasNotText: selected! }).waitFor();
  });
});
