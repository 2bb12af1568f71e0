import assert from 'node:assert/strict';
import { after, afterEach, describe, it } from 'mocha';
import { encodeBlock } from '../../runtime/trace/format/compact.ts';
import { fromText } from '../../runtime/trace/format/text.ts';
import { demoRecords } from '../support/demo-records.ts';
import { closeBrowser, openPanel, type PanelPage } from './harness.ts';

const DEADLOCK = fromText(`
  0 0 laneBegin osThread=1 name="main" kind=main
  0 0 resourceBegin id=8 name="x" kind=lock capacity=1 bounded
  0 0 resourceBegin id=9 name="y" kind=lock capacity=1 bounded
  1 0 activationBegin id=1 name="pay" kind=async-function
  2 0 acquire by=1 resource=8 holder=1
  3 0 wait id=1 reason=timer
  4 0 activationBegin id=2 name="refund" kind=async-function
  5 0 acquire by=2 resource=9 holder=2
  6 0 wait id=2 site="/p/bank.ts:9:3 await refund | x.acquire()" reason=lock for=8
  10000007 0 run id=1
  10000008 0 wait id=1 site="/p/bank.ts:6:3 await pay | y.acquire()" reason=lock for=9
  20000000 0 clock wall=1
`);

/** Three tasks wait for locks of one, a fourth for one of the first; the locks have long names. */
const CROWD = fromText(`
  0 0 laneBegin osThread=1 name="main" kind=main
  0 0 resourceBegin id=11 name="connection to the orders" kind=lock capacity=1 bounded
  0 0 resourceBegin id=12 name="connection to the bills" kind=lock capacity=1 bounded
  0 0 resourceBegin id=13 name="the printer" kind=lock capacity=1 bounded
  0 0 resourceBegin id=14 name="file of the first one" kind=lock capacity=1 bounded
  1 0 activationBegin id=1 name="keeper" kind=async-function
  2 0 acquire by=1 resource=11 holder=1
  3 0 acquire by=1 resource=12 holder=1
  4 0 acquire by=1 resource=13 holder=1
  5 0 wait id=1 reason=timer
  6 0 activationBegin id=2 name="first" kind=async-function
  7 0 acquire by=2 resource=14 holder=2
  8 0 wait id=2 site="/p/a.ts:6:3 await first | a.acquire()" reason=lock for=11
  9 0 activationBegin id=3 name="second" kind=async-function
  10 0 wait id=3 site="/p/a.ts:7:3 await second | b.acquire()" reason=lock for=12
  11 0 activationBegin id=4 name="third" kind=async-function
  12 0 wait id=4 site="/p/a.ts:8:3 await third | c.acquire()" reason=lock for=13
  13 0 activationBegin id=5 name="fourth" kind=async-function
  14 0 wait id=5 site="/p/a.ts:9:3 await fourth | d.acquire()" reason=lock for=14
  20000000 0 clock wall=1
`);

async function show(panel: PanelPage, records: Uint8Array, row: RegExp): Promise<void> {
  await panel.received('ready');
  await panel.send({ type: 'open', opening: 1, name: 'shop.ts', mode: 'file', recording: 'a' });
  const bytes = encodeBlock(records).slice().buffer;
  await panel.send({ type: 'block', opening: 1, part: 0, bytes });
  await panel.send({ type: 'end', opening: 1, words: '', stopped: false });
  await panel.page.getByRole('treeitem', { name: row }).first().waitFor();
  await drawn(panel);
}
const drawn = ({ page }: PanelPage) => page.locator('.lanes[aria-busy=false]').waitFor();
const names = ({ page }: PanelPage) => page.getByRole('treeitem').locator('.label').allTextContents();

describe('Exploring a trace in the panel', function () {
  this.timeout(60_000);
  let panel: PanelPage;
  afterEach(async () => {
    assert.deepEqual(panel.complaints(), []);
    await panel.close();
  });
  after(closeBrowser);

  it('shows the critical path as a list, and draws it with the key C', async () => {
    panel = await openPanel({ state: { openTab: 'path' } });
    await show(panel, demoRecords(), /producer/);
    const pieces = panel.page.getByRole('list', { name: 'Pieces of the path' }).getByRole('listitem');
    await pieces.first().waitFor();
    await panel.page.getByRole('table', { name: /Where the time of the run went/ }).waitFor();
    const lanes = panel.page.locator('.lanes');
    await lanes.focus();
    const before = await lanes.screenshot();
    await panel.page.keyboard.press('c');
    await panel.page.getByRole('button', { name: 'Hide it in the picture' }).waitFor();
    await drawn(panel);
    assert.ok(!(await lanes.screenshot()).equals(before), 'the path is to be seen');
    await panel.page.keyboard.press('c');
    await panel.page.getByRole('button', { name: 'Draw it in the picture' }).waitFor();
    await drawn(panel);
    assert.ok((await lanes.screenshot()).equals(before), 'and it goes again');
  });

  it('tells where the time of what is in view went', async () => {
    panel = await openPanel({ state: { openTab: 'path' } });
    await show(panel, demoRecords(), /producer/);
    await panel.page.locator('.lanes').focus();
    await panel.page.keyboard.press('w');
    await panel.page
      .getByRole('table', { name: /Where the time of what is in view of the run went/ })
      .waitFor();
  });

  it('draws who waits for whom, and a deadlock in red; the layout is loaded with the first graph', async () => {
    panel = await openPanel({});
    await show(panel, DEADLOCK, /pay/);
    assert.equal(await panel.page.locator('script[src$="graph.js"]').count(), 0);
    await panel.page.getByRole('tab', { name: 'Graph' }).click();
    await panel.page.locator('.graph .node.cycle').nth(1).waitFor();
    assert.equal(await panel.page.locator('.graph .edge.cycle').count(), 2);
    await panel.page.getByText(/pay holds lock x and waits at bank\.ts:6 for lock y/).waitFor();
    const edges = panel.page.getByRole('list', { name: 'Who waits for whom' });
    assert.deepEqual((await edges.getByRole('listitem').allInnerTexts()).sort(), [
      'pay waits for y, held by refund',
      'refund waits for x, held by pay',
    ]);
    await panel.page.locator('.graph .node', { hasText: 'refund' }).click();
    await panel.page.locator('.tree-row.current', { hasText: 'refund' }).waitFor();
  });

  it('places the labels of the graph where they cover no box and no other label', async () => {
    panel = await openPanel({ state: { openTab: 'graph' } });
    await show(panel, CROWD, /keeper/);
    await panel.page.locator('.graph .edge text').nth(3).waitFor();
    await panel.screenshot('panel-graph-labels');
    const boxes = await panel.page.evaluate(() =>
      [...document.querySelectorAll('.graph .edge text, .graph .node rect')].map((element) => {
        const { left, top, right, bottom } = element.getBoundingClientRect();
        return { words: element.textContent, left, top, right, bottom };
      }),
    );
    assert.equal(boxes.length, 4 + 5);
    const overlapping = boxes.flatMap((a, i) =>
      boxes
        .slice(i + 1)
        .filter((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
        .map((b) => `${a.words} and ${b.words}`),
    );
    assert.deepEqual(overlapping, []);
  });

  it('sorts, groups, filters and pins rows', async () => {
    panel = await openPanel({});
    await show(panel, demoRecords(), /producer/);
    const choose = async (title: string): Promise<void> => {
      await panel.page.getByRole('button', { name: 'Rows: sort, group, filter, pin' }).click();
      await panel.page.locator('.menu-item', { hasText: title }).click();
      await drawn(panel);
    };
    const asBegun = await names(panel);
    await choose('Sort by time waited');
    assert.notDeepEqual(await names(panel), asBegun);
    await choose('Sort by begin');
    assert.deepEqual(await names(panel), asBegun);
    await choose('Group tasks of one name');
    await panel.page.getByRole('treeitem', { name: /\d × producer/ }).waitFor();
    await choose('Group tasks of one name');
    await panel.page.locator('.lanes').press('/');
    await panel.page.getByRole('textbox', { name: 'Search tasks' }).fill('consumer#2');
    await choose('Only what the search found');
    await panel.page
      .getByRole('treeitem', { name: /producer/ })
      .first()
      .waitFor({ state: 'detached' });
    assert.ok((await names(panel)).includes('consumer#2'));
    await choose('Only what the search found');
    await panel.page.getByRole('treeitem').filter({ hasText: 'consumer#2' }).click();
    await panel.page.locator('.lanes').press('t');
    await panel.page.waitForFunction(
      () => document.querySelector('.tree-row .label')?.textContent === 'consumer#2',
    );
  });

  it('brings a rectangle into view, and goes back by Backspace', async () => {
    panel = await openPanel({});
    await show(panel, demoRecords(), /producer/);
    const lanes = panel.page.locator('.lanes');
    // With the focus, as at the end.
    await lanes.press('Escape');
    await drawn(panel);
    const whole = await lanes.screenshot();
    const box = (await lanes.boundingBox())!;
    await panel.page.keyboard.down('Shift');
    await panel.page.mouse.move(box.x + 200, box.y + 30);
    await panel.page.mouse.down();
    await panel.page.mouse.move(box.x + 400, box.y + 90);
    await panel.page.locator('.brush').waitFor();
    await panel.page.mouse.up();
    await panel.page.keyboard.up('Shift');
    await panel.page.locator('.brush').waitFor({ state: 'detached' });
    await panel.page.mouse.move(5, 5);
    await drawn(panel);
    assert.ok(!(await lanes.screenshot()).equals(whole));
    await lanes.press('Backspace');
    await drawn(panel);
    assert.ok((await lanes.screenshot()).equals(whole), 'the whole is in view again');
  });

  it('undoes a zoom by a key', async () => {
    panel = await openPanel({});
    await show(panel, demoRecords(), /producer/);
    const lanes = panel.page.locator('.lanes');
    await lanes.focus();
    const whole = await lanes.screenshot();
    await panel.page.keyboard.press('w');
    await drawn(panel);
    assert.ok(!(await lanes.screenshot()).equals(whole));
    await panel.page.keyboard.press('Backspace');
    await drawn(panel);
    assert.ok((await lanes.screenshot()).equals(whole));
  });

  it('does what a key of the user’s own asks for', async () => {
    panel = await openPanel({});
    await show(panel, demoRecords(), /producer/);
    await panel.send({ type: 'action', action: 'togglePath' });
    await panel.page.locator('.tool[title^="Critical path"][aria-pressed=true]').waitFor();
    await panel.send({ type: 'action', action: 'selectRowBelow' });
    await panel.page.locator('.tree-row.current').waitFor();
  });

  it('plays with the space bar, and stops', async () => {
    panel = await openPanel({ state: { openTab: 'graph' } });
    await show(panel, demoRecords(), /producer/);
    const lanes = panel.page.locator('.lanes');
    await lanes.focus();
    const play = panel.page.getByRole('button', { name: 'Play (Space)' });
    const moment = panel.page.locator('.tab-body p').first();
    await moment.filter({ hasText: /^At / }).waitFor();
    assert.equal(await play.getAttribute('aria-pressed'), 'false');
    await panel.page.keyboard.press(' ');
    await panel.page.locator('.tool[title^=Play][aria-pressed=true]').waitFor();
    // The graph is that of the play head.
    const first = await moment.innerText();
    await moment.filter({ hasNotText: first }).waitFor();
    await panel.page.keyboard.press(' ');
    await panel.page.locator('.tool[title^=Play][aria-pressed=false]').waitFor();
  });

  it('marks findings and what the search found in the minimap', async () => {
    panel = await openPanel({});
    await show(panel, demoRecords(), /producer/);
    const minimap = panel.page.locator('.minimap canvas');
    const before = await minimap.screenshot();
    await panel.page.locator('.lanes').press('/');
    await panel.page.getByRole('textbox', { name: 'Search tasks' }).fill('consumer');
    await panel.page.locator('.count', { hasText: /\d/ }).waitFor();
    await drawn(panel);
    assert.ok(!(await minimap.screenshot()).equals(before), 'the search has left marks');
  });
});
