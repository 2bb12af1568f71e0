import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { Class, CLASS_OF_CODE } from '../../runtime/trace/columns/classes.ts';
import { Columns } from '../../runtime/trace/columns/columns.ts';
import { bandsOf } from '../../runtime/trace/columns/paint.ts';
import { Fold } from '../../runtime/trace/fold/fold.ts';
import { Trace } from '../../runtime/trace/model/trace.ts';
import { encodeBlock } from '../../runtime/trace/format/compact.ts';
import { RECORD_BYTES } from '../../runtime/trace/format/layout.ts';
import { demoRecords } from '../support/demo-records.ts';
import { closeBrowser, openPanel, type PanelPage } from './harness.ts';

const records = demoRecords();
const trace = new Trace();
const columns = new Columns(trace);
const fold = new Fold([columns], trace);
fold.feed(0, records);

/** The demo's tree: the lane, then its tasks as they began (task 0 spawned all others). */
const rowOfTask = (task: number): number => 1 + task;
const ROW_PX = 18;
/** The first of three consumers. Its third span is its first wait, for an item of the queue. */
const CONSUMER = 3;

const block = (): ArrayBuffer => {
  const bytes = encodeBlock(records);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
};

async function showDemo(panel: PanelPage, mode: 'live' | 'file' = 'file'): Promise<void> {
  await panel.received('ready');
  await panel.send({ type: 'open', opening: 1, name: 'shop.ts', mode, recording: 'r1' });
  await panel.send({ type: 'block', opening: 1, part: 0, bytes: block() });
  await panel.send({ type: 'end', opening: 1, words: 'shop.ts ended with exit code 0.', stopped: false });
  await panel.page.getByText('241 events').waitFor();
  await panel.page.getByRole('treeitem', { name: /loadConfig/ }).waitFor();
  await drawn(panel);
}

/** Colours of points of the page as the compositor shows them, read from a screenshot. */
async function colorsAt(panel: PanelPage, points: readonly { x: number; y: number }[]): Promise<number[][]> {
  const png = (await panel.page.screenshot()).toString('base64');
  const reader = await panel.page.context().newPage();
  try {
    return await reader.evaluate(
      async ({ png: image, points: at }) => {
        const picture = new Image();
        picture.src = `data:image/png;base64,${image}`;
        await picture.decode();
        const canvas = document.createElement('canvas');
        canvas.width = picture.width;
        canvas.height = picture.height;
        const context = canvas.getContext('2d')!;
        context.drawImage(picture, 0, 0);
        return at.map(({ x, y }) => [...context.getImageData(x, y, 1, 1).data.slice(0, 3)]);
      },
      { png, points },
    );
  } finally {
    await reader.close();
  }
}

/** What a colour of the dark theme stands for. */
function classOfColor(r: number, g: number, b: number): number {
  if (b > 180 && b > r + 80) return Class.run;
  if (r > 150 && g > 120 && b < 60) return Class.ready;
  return r > g + 40 && r > 90 ? Class.blocked : Class.idle;
}

describe('The panel in a browser', function () {
  this.timeout(60_000);
  let panel: PanelPage;
  before(async () => {
    panel = await openPanel({ theme: 'dark', size: { width: 1200, height: 640 } });
    await showDemo(panel);
  });
  after(async () => {
    await panel.close();
    await closeBrowser();
  });

  it('draws each span by its state: blue where it ran, yellow where it was ready, striped where it was blocked', async () => {
    const box = (await panel.page.locator('.lanes').boundingBox())!;
    const endNs = fold.trace.endNs;
    const [leftNs, rangeNs] = [-endNs * 0.015, endNs * 1.03];
    const bands = bandsOf(ROW_PX);
    const points: { x: number; y: number; spanClass: number; words: string }[] = [];
    for (let task = 1; task < fold.trace.tasks.count; task++) {
      for (let i = 0; i < columns.rows.count(task); i++) {
        const span = columns.rows.span(task, i);
        const x0 = ((span.startNs - leftNs) / rangeNs) * box.width;
        const x1 = (((span.endNs ?? span.startNs) - leftNs) / rangeNs) * box.width;
        if (x1 - x0 < 6) continue;
        // In the lowest line of the middle band: below the labels, inside run, ready and blocked.
        points.push({
          x: Math.round(box.x + x1 - 2),
          y: Math.round(box.y + rowOfTask(task) * ROW_PX + bands.readyBottom - 1),
          spanClass: CLASS_OF_CODE[span.code]!,
          words: `${fold.trace.labelOf(task)}, span ${i}`,
        });
      }
    }
    assert.ok(points.length > 50, `${points.length} spans are wide enough to be checked`);
    const colors = await colorsAt(panel, points);
    points.forEach(({ spanClass, words }, i) => {
      const [r, g, b] = colors[i] as [number, number, number];
      assert.equal(classOfColor(r, g, b), spanClass, `${words}: rgb(${r}, ${g}, ${b})`);
    });
  });

  it('shows each task as a row with its name, and its threads and processes above it', async () => {
    const names = await panel.page.getByRole('treeitem').locator('.label').allTextContents();
    assert.deepEqual(names.slice(0, 4), ['shop', 'shop', 'producer#1', 'producer#2']);
    assert.ok(names.includes('orders') && names.includes('db'), names.join(', '));
  });

  it('shows the line of a clicked span as a preview; a double click goes to the editor', async () => {
    const box = (await panel.page.locator('.lanes').boundingBox())!;
    const consumer = columns.rows.span(CONSUMER, 1);
    assert.equal(CLASS_OF_CODE[consumer.code], Class.run);
    const wait = columns.rows.span(CONSUMER, 2);
    const at = { x: 0, y: rowOfTask(CONSUMER) * ROW_PX + 9 };
    at.x =
      (((wait.startNs + wait.endNs!) / 2 + fold.trace.endNs * 0.015) / (fold.trace.endNs * 1.03)) * box.width;
    await panel.page.mouse.click(box.x + at.x, box.y + at.y);
    const site = fold.trace.sites[wait.ref]!;
    await panel.page.waitForFunction(() => window.simulSent.some((message) => message.type === 'source'));
    const [clicked] = await panel.received('source');
    assert.deepEqual(clicked, {
      type: 'source',
      file: site.file,
      line: site.line,
      column: site.column,
      sinceLine: site.line,
      preview: true,
    });
    await panel.page.mouse.dblclick(box.x + at.x, box.y + at.y);
    await panel.page.waitForFunction(() => window.simulSent.some((m) => m.type === 'source' && !m.preview));
    await panel.page.locator('.answer .sentence', { hasText: 'consumer#1 waited' }).waitFor();
  });

  it('goes from span to span, to the waker and back by keys alone', async () => {
    const answer = panel.page.locator('.answer .sentence');
    await panel.page.locator('.lanes').focus();
    await panel.page.keyboard.press('n');
    await panel.page.locator('.answer .sentence', { hasNotText: 'consumer#1 waited' }).waitFor();
    await panel.page.keyboard.press('p');
    await panel.page.locator('.answer .sentence', { hasText: 'consumer#1 waited' }).waitFor();
    await panel.page.keyboard.press('[');
    await panel.page.locator('.answer .sentence', { hasText: /^producer#\d/ }).waitFor();
    assert.match((await answer.textContent())!, /^producer#\d ran/);
    await panel.page.keyboard.press('Escape');
    await panel.page.locator('.answer .second', { hasText: 'ended with exit code 0' }).waitFor();
    await panel.page.keyboard.press('?');
    await panel.page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await panel.page.keyboard.press('Escape');
    await panel.page.getByRole('dialog', { name: 'Keys' }).waitFor({ state: 'hidden' });
  });

  it('lists every task in the table, with the same figures', async () => {
    await panel.page.getByRole('tab', { name: 'Table' }).click();
    await panel.page.getByText(`${fold.trace.tasks.count} tasks, times in milliseconds`).waitFor();
    const cells = await panel.page.locator('tbody tr').first().locator('td').allTextContents();
    const runMs = (fold.trace.tasks.runNs[0]! / 1e6).toLocaleString('en', { maximumFractionDigits: 3 });
    assert.equal(cells[4], runMs);
  });

  it('grants credit for each block once it is folded', async () => {
    const [credit] = await panel.received('credit');
    assert.deepEqual(credit, { type: 'credit', opening: 1, bytes: block().byteLength });
  });

  it('complains of nothing under the content security policy', () => {
    assert.deepEqual(panel.complaints(), []);
  });

  it('offers ways to start when nothing was traced', async () => {
    const empty = await openPanel({ theme: 'light' });
    await empty.received('ready');
    await empty.page.getByRole('button', { name: 'Try It' }).click();
    const [command] = await empty.received('command');
    assert.deepEqual(command, { type: 'command', command: 'tryIt' });
    await empty.close();
  });

  it('is busy until the last of what was sent is drawn', async () => {
    const large = demoRecords(2000);
    const opened = await openPanel();
    await opened.received('ready');
    await opened.send({ type: 'open', opening: 1, name: 'shop.ts', mode: 'file', recording: 'r1' });
    await opened.send({ type: 'block', opening: 1, part: 0, bytes: encodeBlock(large).slice().buffer });
    await opened.send({ type: 'end', opening: 1, words: '', stopped: false });
    await drawn(opened);
    const events = (large.length / RECORD_BYTES).toLocaleString('en');
    assert.match(await opened.page.locator('.toolbar').innerText(), new RegExp(`${events} events`));
    await opened.close();
  });

  it('says what is damaged, and still shows the rest', async () => {
    const damaged = await openPanel({ theme: 'light' });
    await showDemo(damaged);
    await damaged.send({
      type: 'block',
      opening: 1,
      part: 0,
      bytes: new Uint8Array([1, 255, 255, 255]).buffer,
    });
    await damaged.page.getByRole('alert').filter({ hasText: 'is damaged and was left out' }).waitFor();
    assert.equal(await damaged.page.getByRole('treeitem').count(), 11);
    await damaged.close();
  });

  it('follows a living program, pauses when the view is moved, and says how much has come since', async () => {
    const live = await openPanel({ theme: 'dark' });
    await live.received('ready');
    const half = RECORD_BYTES * Math.floor(records.length / RECORD_BYTES / 2);
    const part = (from: number, to: number): ArrayBuffer =>
      encodeBlock(records.subarray(from, to)).slice().buffer;
    await live.send({ type: 'open', opening: 3, name: 'shop.ts', mode: 'live', recording: 'r3' });
    await live.send({ type: 'block', opening: 3, part: 0, bytes: part(0, half) });
    const follow = live.page.getByRole('button', { name: 'Follow the newest' });
    await live.page.getByRole('treeitem', { name: /loadConfig/ }).waitFor();
    const following = (on: boolean) =>
      live.page.locator(`.tool[title^=Follow][aria-pressed=${on}]`).waitFor();
    await following(true);
    await live.page.locator('.lanes').focus();
    await live.page.keyboard.press('w');
    await following(false);
    await live.send({ type: 'block', opening: 3, part: 0, bytes: part(half, records.length) });
    await follow.filter({ hasText: `+${(records.length - half) / RECORD_BYTES} new` }).waitFor();
    await live.page.keyboard.press('.');
    await following(true);
    await live.send({ type: 'end', opening: 3, words: 'shop.ts ended with exit code 0.', stopped: false });
    await live.page.locator('.mode', { hasText: 'Ended' }).waitFor();
    assert.deepEqual(live.complaints(), []);
    await live.close();
  });

  it('restores its view after it was hidden', async () => {
    const view = { startNs: 20e6, endNs: 40e6, following: false, rowPx: 24 };
    const back = await openPanel({
      theme: 'dark',
      state: { recording: 'r1', view, treePx: 300, detailsPx: 100 },
    });
    await showDemo(back);
    const rows = await back.page.getByRole('treeitem').first().boundingBox();
    assert.equal(rows!.height, 24);
    await back.page.waitForFunction(() => {
      const tree = document.querySelector('.tree');
      return tree !== null && tree.getBoundingClientRect().width === 300;
    });
    await back.close();
  });

  it('shows after a pan what a full repaint shows', async () => {
    const panned = await openPanel({ theme: 'dark' });
    await showDemo(panned);
    const lanes = panned.page.locator('.lanes');
    await lanes.focus();
    // One by one: if a zoom and a pan share a frame, everything is painted again.
    for (const key of ['w', 'w', 'w', 'd', 'd', 'a', 'd']) {
      await panned.page.keyboard.press(key);
      await drawn(panned);
    }
    const moved = await lanes.screenshot();
    // Another row height and back: everything is painted again.
    for (const key of ['}', '{']) {
      await panned.page.keyboard.press(key);
      await drawn(panned);
    }
    assert.ok(moved.equals(await lanes.screenshot()), 'the strips that came into view differ from the whole');
    await panned.close();
  });
});

/** Waits until all that was asked for is drawn exactly: the panel reports it. */
async function drawn({ page }: PanelPage): Promise<void> {
  await page.locator('.lanes[aria-busy=false]').waitFor();
}
