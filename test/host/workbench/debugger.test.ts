import assert from 'node:assert/strict';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { tree } from '../../machine/tree.ts';
import {
  chooseFromMenu,
  debuggerHasStopped,
  openWorkbench,
  screenshotFailures,
  stopAfterFailure,
  type Workbench,
} from '../workbench.ts';

/** Two tasks pass on a ticket: one waits for the other in turn. */
const PROGRAM = [
  `import { setTimeout as sleep } from 'node:timers/promises';`,
  ``,
  `async function fetchTicket(n) {`,
  `  await sleep(3 * n);`,
  `  return n;`,
  `}`,
  ``,
  `async function seller() {`,
  `  const first = await fetchTicket(1);`,
  `  const second = await fetchTicket(2);`,
  `  return first + second;`,
  `}`,
  ``,
  `async function guest() {`,
  `  await sleep(5);`,
  `}`,
  ``,
  `await Promise.all([seller(), guest()]);`,
];

describe('the debugger for recordings in the workbench', function () {
  stopAfterFailure();

  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'simul-workbench-')));
  const recordings = mkdtempSync(join(tmpdir(), 'simul-workbench-recordings-'));
  let workbench: Workbench;
  screenshotFailures(() => workbench);

  before(async () => {
    const program = join(folder, 'tickets.mjs');
    writeFileSync(program, `${PROGRAM.join('\n')}\n`);
    const args = [
      join(tree, 'dist/cli.js'),
      'trace',
      '--quiet',
      '--out',
      join(folder, 'tickets.simul'),
      program,
    ];
    const env = { ...process.env, NODE_OPTIONS: '', SIMUL_RECORDINGS: recordings };
    execFileSync(process.execPath, args, { stdio: 'ignore', env });
    workbench = await openWorkbench({ folder, file: program });
  });
  after(async () => {
    await (workbench as Workbench | undefined)?.close();
    for (const path of [folder, recordings]) rmSync(path, { recursive: true, force: true });
  });

  /** Waits until the call stack tells of this stop, and the editor's cursor stands in this line. */
  async function stopsAt(words: string, line: number): Promise<void> {
    const { page } = workbench;
    await page.locator('.debug-call-stack').getByText(words).first().waitFor();
    const number = page.locator('.editor-instance .active-line-number', { hasText: new RegExp(`^${line}$`) });
    await number.waitFor();
    await page.locator('.debug-top-stack-frame-line, .debug-top-stack-frame-column').first().waitFor();
    await debuggerHasStopped(page);
  }

  it('begins at the first line of a trace that is chosen from the palette', async () => {
    const { page } = workbench;
    await workbench.runCommand('View: Show Run and Debug');
    await workbench.runCommand('Simul: Open a Recording in the Debugger');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'tickets.simul' }).first().click();
    await stopsAt('module tickets.mjs begins', 1);
    await page.locator('.debug-toolbar').waitFor();
    await page.locator('.editor-instance .view-line').first().click();
    await workbench.screenshot('debugger-entry');
  });

  it('steps over the awaits of one task, and back, by keys', async () => {
    for (const [key, words, line] of [
      ['Alt+F10', 'seller begins', 8],
      ['F10', 'seller calls fetchTicket', 9],
      ['F10', 'fetchTicket in seller begins', 3],
      ['F10', 'fetchTicket in seller waits for', 4],
      ['F10', 'fetchTicket in seller goes on', 4],
      ['F10', 'fetchTicket in seller ends', 5],
      ['F10', 'seller goes on', 9],
      ['Control+F10', 'fetchTicket in seller ends', 5],
      ['Control+F10', 'fetchTicket in seller goes on', 4],
      ['Control+F10', 'fetchTicket in seller waits for', 4],
      ['F10', 'fetchTicket in seller goes on', 4],
      ['F10', 'fetchTicket in seller ends', 5],
      ['F10', 'seller goes on', 9],
      ['F10', 'seller calls fetchTicket', 10],
      ['F10', 'fetchTicket in seller begins', 3],
      // By now the module waits for both.
      ['F10', 'fetchTicket in seller waits for', 4],
    ] as const) {
      await workbench.page.keyboard.press(key);
      await stopsAt(words, line);
    }
    await workbench.screenshot('debugger-stepped');
  });

  it('shows who waits, what for, and who awaits it', async () => {
    const { page } = workbench;
    const stack = page.locator('.debug-call-stack');
    await stack.getByText('awaited by module tickets.mjs').first().waitFor();
    assert.ok((await stack.locator('.thread').count()) <= 40);
    const variables = page.locator('.debug-variables');
    await variables.getByText('sleep(3 * n)').first().waitFor();
    await workbench.screenshot('debugger-views');
  });

  it('stops at the breakpoints that are set in the editor, from either side', async () => {
    const { page } = workbench;
    await page.locator('.editor-instance .view-line', { hasText: 'return first' }).click();
    await page.locator('.editor-instance .active-line-number', { hasText: /^11$/ }).waitFor();
    await page.keyboard.press('F9');
    await page.locator('.editor-instance .codicon-debug-breakpoint').first().waitFor();
    await page.keyboard.press('F5');
    await stopsAt('seller ends', 11);
    await page.keyboard.press('Alt+F5');
    await stopsAt('Beginning of the recording', 1);
  });

  it('is offered in the menu of a saved trace', async () => {
    const { page } = workbench;
    await page.keyboard.press('Shift+F5');
    await page.locator('.debug-toolbar').waitFor({ state: 'hidden' });
    await workbench.runCommand('View: Show Explorer');
    await page
      .locator('.explorer-folders-view .monaco-list-row', { hasText: 'tickets.simul' })
      .click({ button: 'right' });
    await chooseFromMenu(page.getByRole('menuitem', { name: 'Open a Recording in the Debugger' }));
    await page.locator('.debug-toolbar').waitFor();
    await workbench.runCommand('View: Show Run and Debug');
    await stopsAt('module tickets.mjs begins', 1);
  });
});
