/**
 * From the key to the right line, in a real VS Code: how long stepping takes until the editor's
 * cursor stands in the line that the adapter told. What VS Code itself does in between
 * (threads, stack, editor) is in it; bench/debugger.ts has the adapter's share. The peer is the
 * built-in JavaScript debugger, which steps over plain statements in the same window.
 *
 *   node build/bench/debugger-keys.js [STEPS]      default 60 in each direction
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tree } from '../test/machine/tree.ts';
import { openWorkbench } from '../test/host/workbench.ts';

const count = Number(process.argv[2] ?? 60);
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
/** For the peer: each step is at another line, too. */
const PEER_PROGRAM = [`let n = 0;`, `for (;;) {`, `  n++;`, `  n--;`, `}`];

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'simul-bench-')));
try {
  const program = join(folder, 'steps.mjs');
  writeFileSync(program, `${PROGRAM.join('\n')}\n`);
  const peer = { type: 'node', request: 'launch', name: 'peer', stopOnEntry: true };
  mkdirSync(join(folder, '.vscode'));
  writeFileSync(join(folder, 'peer.mjs'), `${PEER_PROGRAM.join('\n')}\n`);
  writeFileSync(
    join(folder, '.vscode/launch.json'),
    JSON.stringify({ version: '0.2.0', configurations: [{ ...peer, program: join(folder, 'peer.mjs') }] }),
  );
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
    const told = (): Promise<string | null> => state.textContent();
    await steps('replay, step over', 'F10', told);
    await steps('replay, step back', 'Control+F10', told);
    await page.keyboard.press('Shift+F5');
    await page.locator('.debug-toolbar').waitFor({ state: 'hidden' });
    await workbench.runCommand('Debug: Start Debugging');
    await page.locator('.debug-top-stack-frame-line').first().waitFor();
    await page.locator('.editor-instance .view-line').first().click();
    await steps('built-in debugger, step over', 'F10', null);
    await page.keyboard.press('Shift+F5');
    await page.locator('.debug-toolbar').waitFor({ state: 'hidden' });

    /** @param told what the call stack says of the stop, where that is another after each step */
    async function steps(
      name: string,
      key: string,
      told: (() => Promise<string | null>) | null,
    ): Promise<void> {
      const ms: number[] = [];
      for (let i = 0; i < count; i++) {
        const before = await told?.();
        const took = await keyToLine(key);
        if (took !== null) ms.push(took);
        if (told !== null)
          await page.waitForFunction(
            (words) =>
              ![...document.querySelectorAll('.debug-call-stack .label')].some(
                ({ textContent }) => textContent === words,
              ),
            before,
          );
      }
      const sorted = ms.sort((a, b) => a - b);
      const at = (share: number): string => sorted[Math.floor((sorted.length - 1) * share)]!.toFixed(0);
      const moved = `${sorted.length} of ${count} moved the cursor`;
      console.log(`${name}: median ${at(0.5)} ms, p95 ${at(0.95)} ms, most ${at(1)} ms (${moved})`);
    }

    /** Null: the step stayed in its line. */
    async function keyToLine(key: string): Promise<number | null> {
      const took = page.evaluate(
        () =>
          new Promise<number | null>((resolve) => {
            const line = (): string =>
              document.querySelector('.editor-instance .active-line-number')?.textContent ?? '';
            const first = line();
            let startMs = performance.now();
            document.addEventListener('keydown', () => void (startMs = performance.now()), {
              once: true,
              capture: true,
            });
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
      return took;
    }
  } finally {
    await workbench.close();
  }
}
