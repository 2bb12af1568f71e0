import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, describe, it } from 'mocha';
import { encodeBlock } from '../../runtime/trace/format/compact.ts';
import { demoRecords } from '../support/demo-records.ts';
import { closeBrowser, openPanel, type PanelPage } from './harness.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly target: readonly string[] }[];
}

/** What axe finds in the page as it is: "rule: element", one each. */
async function violations({ page }: PanelPage): Promise<string[]> {
  const script = `(() => { ${AXE}; return window.axe.run(document, { resultTypes: ['violations'] }); })()`;
  const found = await page.evaluate<{ readonly violations: readonly Violation[] }>(script);
  return found.violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
}

async function showDemo(panel: PanelPage): Promise<void> {
  await panel.received('ready');
  await panel.send({ type: 'open', opening: 1, name: 'shop.ts', mode: 'live', recording: 'a' });
  const bytes = encodeBlock(demoRecords()).slice().buffer;
  await panel.send({ type: 'block', opening: 1, part: 0, bytes });
  const producer = panel.page.getByRole('treeitem', { name: /producer/ }).first();
  await producer.click();
}

const THEMES = ['light', 'dark', 'high-contrast', 'high-contrast-light'] as const;
/** Narrow and wide, beside a terminal and alone, also on a screen of twice the pixels. */
const SIZES = [
  { width: 320, height: 420, scale: 1 },
  { width: 461, height: 435, scale: 2 },
  { width: 1280, height: 320, scale: 1 },
  { width: 1280, height: 800, scale: 2 },
  { width: 1600, height: 1000, scale: 1 },
];

describe('The panel for those who do not see it, or use no pointer', function () {
  this.timeout(120_000);
  after(closeBrowser);

  for (const theme of THEMES) {
    it(`has nothing that axe complains of: ${theme}`, async () => {
      const panel = await openPanel({ theme, size: { width: 700, height: 600 } });
      const { page } = panel;
      await showDemo(panel);
      const found: Record<string, string[]> = { closed: await violations(panel) };
      for (const tab of ['Why', 'Span', 'Path', 'Graph', 'Table']) {
        await page.getByRole('tab', { name: tab }).click();
        await page.getByRole('tabpanel', { name: tab }).waitFor();
        await page.locator('.lanes[aria-busy=false]').waitFor();
        found[tab] = await violations(panel);
      }
      await page.getByRole('button', { name: 'Rows: sort, group, filter, pin' }).click();
      found['menu'] = await violations(panel);
      await page.keyboard.press('Escape');
      await page.locator('.lanes').press('?');
      await page.getByRole('dialog').waitFor();
      found['help'] = await violations(panel);
      assert.deepEqual(Object.values(found).flat(), [], JSON.stringify(found));
      await panel.close();
    });
  }

  for (const { width, height, scale } of SIZES) {
    it(`has nothing that axe complains of at ${width} × ${height}, ${scale} pixels a point`, async () => {
      const panel = await openPanel({ size: { width, height }, scale });
      await showDemo(panel);
      const found: Record<string, string[]> = {};
      for (const theme of THEMES) {
        await panel.setTheme(theme);
        for (const tab of ['Why', 'Table']) {
          await panel.page.getByRole('tab', { name: tab }).click();
          await panel.page.getByRole('tabpanel', { name: tab }).waitFor();
          await panel.page.locator('.lanes[aria-busy=false]').waitFor();
          found[`${theme}, ${tab}`] = await violations(panel);
        }
      }
      assert.deepEqual(Object.values(found).flat(), [], JSON.stringify(found));
      await panel.close();
    });
  }
});
