/**
 * `npm run pictures`: takes the pictures of the README anew, from real traces: programs are traced,
 * and the panel is photographed in Chromium and in a real VS Code. Writes into media/pictures.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { inflateBlock } from '../../runtime/launch/inflate-block.ts';
import { readTraceFile } from '../../runtime/trace/format/trace-file.ts';
import { closeBrowser, openPanel } from '../browser/harness.ts';
import type { Theme } from '../browser/themes.ts';
import { openWorkbench } from '../host/workbench.ts';
import { tree } from '../machine/tree.ts';
import { type Frame, makeAnimatedPng } from './animated-png.ts';

const folder = join(tree, 'media/pictures');
const MAX_PICTURE_BYTES = 900_000;
/** Of the moving picture, taken while the program runs. */
const MAX_LIVE_FRAMES = 7;

interface PanelPicture {
  readonly name: string;
  /** From the tree's root. */
  readonly program: string;
  readonly theme: Theme;
  readonly tab: string;
}

const PANELS: readonly PanelPicture[] = [
  { name: 'finding', program: 'examples/start-page.ts', theme: 'light', tab: 'why' },
  { name: 'queue', program: 'examples/producers-consumers.ts', theme: 'dark', tab: '' },
  {
    name: 'deadlock',
    program: 'test/corpus/programs/deadlock-accounts/program.ts',
    theme: 'dark',
    tab: 'graph',
  },
];

/** The program is ended where it hangs: that is what the picture is about. */
const MAX_RUN_MS = 6000;
/** How long a frame of the moving picture is shown; the last one is read. */
const [FRAME_MS, LAST_FRAME_MS] = [250, 4000];

async function photographPanel({ name, program, theme, tab }: PanelPicture): Promise<void> {
  const temporary = mkdtempSync(join(tmpdir(), 'simul-pictures-'));
  try {
    const trace = join(temporary, 'trace.simul');
    const args = [join(tree, 'dist/cli.js'), 'trace', '--quiet', '--out', trace, join(tree, program)];
    spawnSync(process.execPath, args, {
      timeout: MAX_RUN_MS,
      killSignal: 'SIGINT',
      env: { ...process.env, SIMUL_RECORDINGS: join(temporary, 'recordings') },
    });
    const contents = readTraceFile(readFileSync(trace));
    if (typeof contents === 'string') throw new Error(`${program}: ${contents}`);
    const panel = await openPanel({ theme, size: { width: 900, height: 420 }, state: { openTab: tab } });
    await panel.received('ready');
    await panel.send({ type: 'open', opening: 1, name: basename(program), mode: 'file', recording: name });
    for (const block of contents.blocks) {
      const bytes = new Uint8Array(inflateBlock(block)).buffer;
      await panel.send({ type: 'block', opening: 1, part: block.part, bytes });
    }
    await panel.send({ type: 'end', opening: 1, words: '', stopped: false });
    await panel.page.locator('.toolbar .mode', { hasText: 'File' }).waitFor();
    await panel.page.locator('.answer').waitFor();
    // To what proves the first finding: the graph is of that moment.
    if (tab === 'graph') {
      await panel.page.locator('.lanes').press('e');
      await panel.page.locator('.tab-body', { hasText: 'deadlock' }).waitFor();
    }
    await panel.page.locator('.lanes[aria-busy=false]').waitFor();
    keep(`${name}.png`, await panel.page.screenshot());
    await panel.close();
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** The example in VS Code, from the click to the answer. */
async function photographWorkbench(): Promise<void> {
  const work = realpathSync(mkdtempSync(join(tmpdir(), 'simul-pictures-')));
  const file = join(work, 'start-page.ts');
  // The other two keep the editor from finding errors in it.
  for (const name of ['start-page.ts', 'tsconfig.json', 'node-timers.d.ts'])
    cpSync(join(tree, 'examples', name), join(work, name));
  const workbench = await openWorkbench({
    folder: work,
    file,
    size: { width: 1080, height: 560 },
    settings: {
      'editor.fontSize': 13,
      'editor.minimap.enabled': false,
      'workbench.sideBar.location': 'right',
      'terminal.integrated.hideOnStartup': 'always',
      'breadcrumbs.enabled': false,
    },
  });
  try {
    const { page } = workbench;
    await workbench.runCommand('View: Close Primary Side Bar').catch(() => undefined);
    const lens = page.locator('.codelens-decoration a', { hasText: 'Trace with Simul' }).first();
    await lens.waitFor();
    const frames: Frame[] = [{ png: await page.screenshot(), ms: 1200 }];
    await lens.click();
    const mode = workbench.webview().locator('.toolbar .mode');
    await mode.getByText('Live').waitFor();
    const live: Frame[] = [];
    while ((await mode.innerText()) === 'Live') live.push({ png: await page.screenshot(), ms: FRAME_MS });
    const step = Math.max(1, live.length / MAX_LIVE_FRAMES);
    for (let at = 0; at < live.length; at += step) frames.push(live[Math.floor(at)]!);
    await workbench.webview().locator('.answer', { hasText: 'one after another' }).waitFor();
    await workbench.webview().locator('.lanes[aria-busy=false]').waitFor();
    frames.push({ png: await page.screenshot(), ms: LAST_FRAME_MS / 2 });
    await workbench
      .webview()
      .locator('.answer')
      .getByRole('button', { name: /start-page\.ts:\d+/ })
      .click();
    await page
      .locator('.view-line', { hasText: 'await fetchOrder(id)' })
      .getByText(/waited/)
      .waitFor();
    frames.push({ png: await page.screenshot(), ms: LAST_FRAME_MS });
    keep('start-page.png', makeAnimatedPng(frames));
  } finally {
    await workbench.close();
    rmSync(work, { recursive: true, force: true });
  }
}

function keep(name: string, png: Buffer): void {
  if (png.length > MAX_PICTURE_BYTES)
    throw new Error(`${name} has ${png.length} bytes; a picture has ${MAX_PICTURE_BYTES} at most`);
  writeFileSync(join(folder, name), png);
  console.log(`media/pictures/${name}: ${Math.ceil(png.length / 1024)} KiB`);
}

mkdirSync(folder, { recursive: true });
for (const picture of PANELS) await photographPanel(picture);
await closeBrowser();
await photographWorkbench();
