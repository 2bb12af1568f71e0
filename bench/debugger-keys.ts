/**
 * From the key to the right line, in a real VS Code: how long stepping takes until the editor's
 * cursor stands in the line that the adapter told. What VS Code itself does in between
 * (threads, stack, editor) is in it; bench/debugger.ts has the adapter's share.
 *
 *   node build/bench/debugger-keys.js [STEPS]      default 60 in each direction
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tree } from '../test/machine/tree.ts';
import { openWorkbench } from '../test/host/workbench.ts';

const steps = Number(process.argv[2] ?? 60);
/** Each step is at another line than the one before, so that the cursor moves each time. */
const PROGRAM = [
  `const soon = () => new Promise((go) => setTimeout(go, 1));`,
  `async function a() {`,
  `  await soon();`,
  `}`,
  // Of a single thread the editor shows no state.
  `async function other() {`,
  `  await new Promise((go) => setTimeout(go, 60_000).unref());`,
  `}`,
  `void other();`,
  `for (let i = 0; i < 200; i++)`,
  `  await a();`,
];

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'simul-bench-')));
try {
  const program = join(folder, 'steps.mjs');
  writeFileSync(program, `${PROGRAM.join('\n')}\n`);
  const args = [join(tree, 'dist/cli.js'), 'trace', '--quiet', '--out', join(folder, 'steps.simul'), program];
  execFileSync(process.execPath, args, {
    stdio: 'ignore',
    env: { ...process.env, NODE_OPTIONS: '', SIMUL_RECORDINGS: join(folder, 'recordings') },
  });
  await measure(program);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measure(program: string): Promise<void> {
  const workbench = await openWorkbench({
    folder,
    file: program,
    // The whole call stack is in view: what is not, the editor leaves out of its document.
    size: { width: 1440, height: 2000 },
  });
  try {
    const { page } = workbench;
    await workbench.runCommand('View: Show Run and Debug');
    await workbench.runCommand('Simul: Open a Recording in the Debugger');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'steps.simul' }).first().click();
    const state = page
      .locator('.debug-call-stack')
      .getByText(/, \d+\.\d{3} ms$/)
      .first();
    await state.waitFor();
    await page.locator('.editor-instance .view-line').first().click();
    for (const [name, key] of [
      ['step over', 'F10'],
      ['step back', 'Control+F10'],
    ] as const) {
      const ms: number[] = [];
      for (let i = 0; i < steps; i++) {
        const took = await keyToLine(key);
        if (took !== null) ms.push(took);
      }
      const sorted = ms.sort((a, b) => a - b);
      const at = (share: number): string => sorted[Math.floor((sorted.length - 1) * share)]!.toFixed(0);
      console.log(
        `${name}: median ${at(0.5)} ms, p95 ${at(0.95)} ms, most ${at(1)} ms (${sorted.length} of ${steps} moved the cursor)`,
      );
    }

    /** Null: the step stayed in its line. */
    async function keyToLine(key: string): Promise<number | null> {
      const before = await state.textContent();
      const took = page.evaluate(
        () =>
          new Promise<number | null>((resolve) => {
            const line = (): string =>
              document.querySelector('.editor-instance .active-line-number')?.textContent ?? '';
            const first = line();
            // The way of the key to the page is in it.
            const startMs = performance.now();
            const end = (value: number | null): void => {
              observer.disconnect();
              resolve(value);
            };
            const observer = new MutationObserver(() => {
              if (line() !== first && line() !== '') end(performance.now() - startMs);
            });
            observer.observe(document.body, {
              subtree: true,
              childList: true,
              attributes: true,
              characterData: true,
            });
            // A step within one line moves nothing that could be seen.
            setTimeout(() => end(null), 1500);
          }),
      );
      await page.keyboard.press(key);
      const value = await took;
      await page.waitForFunction(
        (words) =>
          ![...document.querySelectorAll('.debug-call-stack .label')].some(
            ({ textContent }) => textContent === words,
          ),
        before,
      );
      return value;
    }
  } finally {
    await workbench.close();
  }
}
