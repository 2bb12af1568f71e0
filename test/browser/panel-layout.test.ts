import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'mocha';
import { encodeBlock } from '../../runtime/trace/format/compact.ts';
import { fromText } from '../../runtime/trace/format/text.ts';
import { closeBrowser, openPanel, type PanelPage } from './harness.ts';

/** What the panel has in a window of 1280 × 800 with the side bar, an editor and the terminal. */
const BESIDE_EDITOR = { width: 461, height: 435 };

const LINES = [
  '0 0 laneBegin osThread=1 name="main" kind=main',
  '0 0 activationBegin id=1 site="/p/shop.ts:1:1 function resize" name="resize" kind=async-function',
  '340000000 0 wait id=1 site="/p/shop.ts:4:5 await! resize | sleep(10)" reason=io',
];
for (let id = 2; id < 12; id++)
  LINES.push(
    `${350 + id}000000 0 activationBegin id=${id} site="/p/shop.ts:9:1 function load" name="load" kind=async-function`,
    `${350 + id}500000 0 wait id=${id} site="/p/shop.ts:9:5 await! load | read()" reason=io`,
  );
const RECORDS = fromText([...LINES, '900000000 0 clock wall=1'].join('\n'));

interface Shown {
  readonly opening?: number;
  readonly recording?: string;
  readonly mode?: 'live' | 'file';
}

async function show(panel: PanelPage, { opening = 1, recording = 'a', mode = 'file' }: Shown = {}) {
  await panel.received('ready');
  await panel.send({ type: 'open', opening, name: 'shop.ts', mode, recording });
  const bytes = encodeBlock(RECORDS).slice().buffer;
  await panel.send({ type: 'block', opening, part: 0, bytes });
  if (mode === 'file') await panel.send({ type: 'end', opening, words: '', stopped: false });
  await panel.page.getByRole('treeitem', { name: /resize/ }).waitFor();
  await panel.page.locator('.lanes[aria-busy=false]').waitFor();
}

describe('The layout of the panel', function () {
  this.timeout(60_000);
  let panel: PanelPage;
  before(async () => {
    panel = await openPanel({ size: BESIDE_EDITOR });
    await show(panel);
  });
  after(async () => {
    await panel.close();
    await closeBrowser();
  });
  const opened: PanelPage[] = [];
  const open = async (...options: Parameters<typeof openPanel>): Promise<PanelPage> => {
    const other = await openPanel(...options);
    opened.push(other);
    return other;
  };
  afterEach(async () => {
    for (const other of opened.splice(0)) await other.close();
  });
  const focused = (of: PanelPage) => of.page.evaluate(() => document.activeElement?.className ?? '');

  it('gives the picture at least half of the panel, beside an editor and above a terminal', async () => {
    const box = (await panel.page.locator('.lanes').boundingBox())!;
    const share = (box.width * box.height) / (BESIDE_EDITOR.width * BESIDE_EDITOR.height);
    assert.ok(share >= 0.5, `the picture has ${Math.round(share * 100)} % of the panel`);
  });

  it('keeps the picture where it is when something is selected, whatever is said of it', async () => {
    const lanes = panel.page.locator('.lanes');
    const before = await lanes.boundingBox();
    await panel.page.locator('.answer .sentence', { hasText: 'resize' }).waitFor();
    await lanes.click({ position: { x: 60, y: 30 } });
    await panel.page.locator('.tree-row.current').waitFor();
    assert.deepEqual(await lanes.boundingBox(), before);
    await lanes.press('Escape');
    await panel.send({ type: 'trouble', opening: 1, words: 'Something could not be read. '.repeat(9) });
    await panel.page.getByRole('alert').waitFor();
    assert.deepEqual(await lanes.boundingBox(), before);
  });

  it('says where the rest of a sentence is that does not fit', async () => {
    const wide = await open({ size: { width: 1400, height: 435 } });
    await show(wide);
    assert.equal(await wide.page.locator('.read-on').count(), 0);
    const narrow = await open({ size: { width: 200, height: 435 } });
    await show(narrow);
    await narrow.page.locator('.answer .read-on').click();
    await narrow.page.getByRole('tab', { name: 'Why', selected: true }).waitFor();
    await narrow.page.setViewportSize({ width: 1400, height: 435 });
    await narrow.page.locator('.read-on').waitFor({ state: 'detached' });
  });

  it('never cuts off the number that tells a thread from the others', async () => {
    const fresh = await open({ size: BESIDE_EDITOR });
    await fresh.received('ready');
    await fresh.send({ type: 'open', opening: 1, name: 'a', mode: 'file', recording: 'a' });
    const lanes = ['main', 'image-cruncher-0', 'image-cruncher-1'].map(
      (name, i) => `${i} ${i} laneBegin osThread=${i + 1} name="${name}" kind=${i === 0 ? 'main' : 'worker'}`,
    );
    const tasks = [0, 1, 2].map((i) => `${i + 5} ${i} activationBegin id=${i + 1} name="f" kind=thread`);
    const text = [...lanes, ...tasks, '9000000 0 clock wall=1'].join('\n');
    const bytes = encodeBlock(fromText(text)).slice().buffer;
    await fresh.send({ type: 'block', opening: 1, part: 0, bytes });
    await fresh.send({ type: 'end', opening: 1, words: '', stopped: false });
    const row = fresh.page.locator('.tree-row.lane').nth(2);
    await row.waitFor();
    const label = await row.locator('.label').evaluate((element) => {
      const stem = element.querySelector('.stem')!;
      const number = document.createRange();
      number.selectNodeContents(element.lastChild!);
      const end = number.getBoundingClientRect().right;
      const { right } = element.closest('.tree')!.getBoundingClientRect();
      return {
        isCut: stem.scrollWidth > stem.clientWidth,
        rest: element.lastChild!.textContent,
        fits: end <= right,
      };
    });
    assert.deepEqual(label, { isCut: true, rest: '-1', fits: true });
  });

  it('keeps the selected row in view when a tab takes room', async () => {
    const fresh = await open({ size: { width: 461, height: 360 } });
    await show(fresh);
    const { page } = fresh;
    const last = page.getByRole('treeitem').last();
    await last.click();
    await page.locator('.tree-row.current').waitFor();
    const inView = async (): Promise<boolean> => {
      const [row, rows] = [
        await page.locator('.tree-row.current').boundingBox(),
        await page.locator('.rows').boundingBox(),
      ];
      return row !== null && row.y >= rows!.y - 1 && row.y + row.height <= rows!.y + rows!.height + 1;
    };
    assert.ok(await inView());
    const before = (await page.locator('.rows').boundingBox())!.height;
    await page.getByRole('tab', { name: 'Span' }).click();
    await page.getByRole('tabpanel', { name: 'Span' }).waitFor();
    await page.locator('.lanes[aria-busy=false]').waitFor();
    const after = (await page.locator('.rows').boundingBox())!.height;
    assert.ok(after < before - 40, `the rows have ${after} of ${before} px`);
    await page.waitForFunction(() => {
      const row = document.querySelector('.tree-row.current')?.getBoundingClientRect();
      const rows = document.querySelector('.rows')!.getBoundingClientRect();
      return row !== undefined && row.bottom <= rows.bottom + 1;
    });
    assert.ok(await inView());
  });

  it('has the canvas three presses of Tab away at most', async () => {
    const fresh = await open({ size: BESIDE_EDITOR });
    await show(fresh, { mode: 'live' });
    for (let presses = 1; presses <= 3; presses++) {
      await fresh.page.keyboard.press('Tab');
      if ((await focused(fresh)) === 'lanes') return;
    }
    assert.fail(`after three presses the focus is on "${await focused(fresh)}"`);
  });

  it('moves within the toolbar and the tabs by arrow keys', async () => {
    await panel.page.locator('.toolbar .tool').first().focus();
    const titles = [];
    for (let i = 0; i < 2; i++) {
      await panel.page.keyboard.press('ArrowRight');
      titles.push(await panel.page.evaluate(() => document.activeElement?.getAttribute('title')));
    }
    assert.deepEqual(titles, ['Rows: sort, group, filter, pin', 'Legend and keys (?)']);
    const tab = (name: string) => panel.page.getByRole('tab', { name });
    await tab('Why').focus();
    assert.equal(await panel.page.getByRole('tabpanel').count(), 0, 'focus alone opens nothing');
    await panel.page.keyboard.press('Enter');
    await panel.page.getByRole('tabpanel', { name: 'Why' }).waitFor();
    await panel.page.keyboard.press('ArrowRight');
    await panel.page.getByRole('tabpanel', { name: 'Span' }).waitFor();
    await panel.page.keyboard.press('End');
    assert.equal(await tab('Table').getAttribute('aria-selected'), 'true');
    await panel.page.keyboard.press('Escape');
    assert.equal(await panel.page.getByRole('tabpanel').count(), 0);
  });

  it('cuts no button off: what does not fit is in a menu', async () => {
    const narrow = await open({ size: { width: 320, height: 435 } });
    await show(narrow, { mode: 'live' });
    const { page } = narrow;
    await page.locator('.lanes').press('/');
    await page.locator('.search input').waitFor();
    const wanted = ['Legend and keys (?)', 'Zoom in (W)', 'Save the trace', 'Lower rows ({)'];
    for (const width of [320, 461, 640, 1280]) {
      await page.setViewportSize({ width, height: 435 });
      await page.waitForFunction((px) => document.body.clientWidth === px, width);
      const more = page.getByRole('button', { name: 'More' });
      const isFolded = width < 1280;
      await (isFolded ? more.waitFor() : more.waitFor({ state: 'detached' }));
      if (isFolded) await more.click();
      for (const name of wanted) {
        const inMenu = page.locator('.menu-item', { hasText: name });
        const box = await inMenu
          .or(page.locator(`.tool[title="${name}"]`))
          .first()
          .boundingBox();
        assert.ok(box !== null && box.x >= 0 && box.x + box.width <= width, `${name} at ${width} px`);
      }
      if (isFolded) await page.keyboard.press('Escape');
    }
  });

  it('shows rows of the table at every size', async () => {
    for (const size of [{ width: 300, height: 240 }, BESIDE_EDITOR, { width: 1200, height: 300 }]) {
      const small = await open({ size, state: { openTab: 'table' } });
      await show(small);
      const row = small.page.locator('tbody tr').nth(1);
      await row.waitFor();
      const [box, body] = [await row.boundingBox(), await small.page.locator('.tab-body').boundingBox()];
      assert.ok(box!.y + box!.height <= body!.y + body!.height, `the second row at ${size.height} px`);
      assert.ok(body!.y + body!.height <= size.height, `the table's end at ${size.height} px`);
    }
  });

  it('explains each mark in the legend', async () => {
    await panel.page.locator('.lanes').press('?');
    const marks = panel.page.getByRole('dialog').getByRole('list', { name: 'Marks' });
    await marks.getByRole('listitem').first().waitFor();
    const count = await marks.getByRole('listitem').count();
    assert.ok(count >= 19, `${count} marks`);
    await panel.page.keyboard.press('Escape');
  });
});

describe('What the panel keeps of a view', function () {
  this.timeout(60_000);
  let panel: PanelPage | undefined;
  afterEach(async () => {
    await panel?.close();
    panel = undefined;
  });
  after(closeBrowser);
  const savedState = (of: PanelPage): Promise<unknown> =>
    of.page.evaluate(() => {
      window.dispatchEvent(new Event('pagehide'));
      return (window as unknown as { acquireVsCodeApi(): { getState(): unknown } })
        .acquireVsCodeApi()
        .getState();
    });

  /** Zooms, marks a time and selects, in a page that is then gone. @returns what it saved */
  async function lookAround(): Promise<unknown> {
    const before = await openPanel({});
    await show(before);
    const lanes = before.page.locator('.lanes');
    await lanes.click({ position: { x: 300, y: 30 } });
    await before.page.locator('.answer .sentence', { hasText: /^resize/ }).waitFor();
    for (const key of ['w', 'w', 'm']) await before.page.keyboard.press(key);
    await before.page.locator('.lanes[aria-busy=false]').waitFor();
    await before.page.waitForFunction(() => {
      window.dispatchEvent(new Event('pagehide'));
      const api = (window as unknown as { acquireVsCodeApi(): { getState(): unknown } }).acquireVsCodeApi();
      const state = api.getState() as { view?: { marks?: unknown[] } } | undefined;
      return state?.view?.marks?.length === 1;
    });
    const state = await savedState(before);
    await before.close();
    return state;
  }

  it('restores range, selection and marks of the same recording after it was hidden', async () => {
    const state = await lookAround();
    panel = await openPanel({ state });
    await show(panel);
    await panel.page.locator('.answer .sentence', { hasText: /^resize/ }).waitFor();
    const { view } = state as { view: { startNs: number; marks: number[] } };
    const { view: again } = (await savedState(panel)) as { view: typeof view };
    assert.ok(Math.abs(again.startNs - view.startNs) < 1, `${again.startNs} for ${view.startNs}`);
    assert.deepEqual(again.marks, view.marks);
  });

  it('keeps a selection at once: who leaves the panel right after it finds it again', async () => {
    panel = await openPanel({});
    await show(panel);
    const { page } = panel;
    await page.evaluate(() => {
      const newest = setInterval(() => undefined, 1e6) as unknown as number;
      for (let id = 1; id <= newest; id++) clearInterval(id);
    });
    await page.locator('.lanes').click({ position: { x: 300, y: 30 } });
    await page.waitForFunction(() => {
      const api = (window as unknown as { acquireVsCodeApi(): { getState(): unknown } }).acquireVsCodeApi();
      const state = api.getState() as { view?: { selected?: { key: string } } } | undefined;
      return state?.view?.selected?.key === 't0';
    });
  });

  it('follows and fits the second run of a file, whatever was looked at in the first', async () => {
    const state = await lookAround();
    panel = await openPanel({ state });
    await show(panel, { recording: 'b', opening: 2, mode: 'live' });
    await panel.page.locator('.tool[title^=Follow][aria-pressed=true]').waitFor();
    assert.equal(await panel.page.locator('.tree-row.current').count(), 0);
  });

  it('takes the tooltip away, or renews it, when keys move the picture under the pointer', async () => {
    panel = await openPanel({});
    await show(panel);
    const box = (await panel.page.locator('.lanes').boundingBox())!;
    const tooltip = panel.page.locator('.tooltip');
    await panel.page.mouse.move(box.x + 40, box.y + 27);
    await tooltip.filter({ hasText: 'resize' }).filter({ hasText: 'runs' }).waitFor();
    await panel.page.locator('.lanes').focus();
    for (let i = 0; i < 4; i++) await panel.page.keyboard.press('d');
    await tooltip.filter({ hasText: 'waits' }).waitFor();
    for (let i = 0; i < 9; i++) await panel.page.keyboard.press('d');
    await tooltip.waitFor({ state: 'hidden' });
  });

  it('says why a file cannot be opened, and does not wait for events', async () => {
    panel = await openPanel({});
    await panel.received('ready');
    await panel.send({ type: 'open', opening: 1, name: 'x.simul', mode: 'file', recording: 'x' });
    await panel.send({ type: 'trouble', opening: 1, words: 'x.simul cannot be opened: it is no trace.' });
    await panel.send({ type: 'end', opening: 1, words: '', stopped: false });
    await panel.page.getByRole('alert').filter({ hasText: 'cannot be opened' }).waitFor();
    assert.equal(await panel.page.getByText('Waiting for the first events').count(), 0);
  });

  it('shows nothing of the program before in the minimap of the next one', async () => {
    panel = await openPanel({});
    await show(panel);
    const minimap = panel.page.locator('.minimap canvas');
    const full = await minimap.screenshot();
    await panel.send({ type: 'open', opening: 2, name: 'next.ts', mode: 'live', recording: 'n' });
    await panel.page.locator('.toolbar .name', { hasText: 'next.ts' }).waitFor();
    await panel.page.locator('.lanes[aria-busy=false]').waitFor();
    assert.equal(await panel.page.getByRole('treeitem').count(), 0);
    const empty = await openPanel({});
    await empty.received('ready');
    await empty.send({ type: 'open', opening: 2, name: 'next.ts', mode: 'live', recording: 'n' });
    await empty.page.locator('.lanes[aria-busy=false]').waitFor();
    const expected = await empty.page.locator('.minimap canvas').screenshot();
    await empty.close();
    assert.ok(!full.equals(expected), 'the first program is to be seen in its own minimap');
    assert.ok((await minimap.screenshot()).equals(expected), 'the old minimap is still there');
  });
});
