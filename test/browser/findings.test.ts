import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { encodeBlock } from '../../runtime/trace/format/compact.ts';
import { fromText } from '../../runtime/trace/format/text.ts';
import { closeBrowser, openPanel, type PanelPage } from './harness.ts';

/** The thread is blocked twice, an error is not caught, and a wait is still open. */
const RECORDS = fromText(`
  0 0 laneBegin osThread=1 name="main" kind=main
  0 0 activationBegin id=1 site="/p/a.ts:1:1 function resize" name="resize" kind=async-function
  340000000 0 wait id=1 site="/p/a.ts:4:5 await! resize | g()" reason=io
  350000000 0 activationBegin id=2 site="/p/a.ts:9:1 function load" name="load" kind=async-function
  351000000 0 fact id=2 text="Error: no" what=uncaught
  352000000 0 activationEnd id=2 error="Error: no" outcome=error
  400000000 0 run id=1
  600000000 0 wait id=1 site="/p/a.ts:5:5 await! resize | h()" reason=io
  700000000 0 clock wall=1
`);

async function openFindings(theme: 'dark' | 'light'): Promise<PanelPage> {
  const panel = await openPanel({ theme, state: { openTab: 'why' } });
  await panel.received('ready');
  await panel.send({ type: 'open', opening: 1, name: 'a.ts', mode: 'live', recording: 'r1' });
  await panel.send({ type: 'block', opening: 1, part: 0, bytes: encodeBlock(RECORDS).slice().buffer });
  await panel.page.getByRole('treeitem', { name: /resize/ }).waitFor();
  return panel;
}

describe('Findings in the panel', function () {
  this.timeout(60_000);
  let panel: PanelPage;
  before(async () => {
    panel = await openFindings('dark');
  });
  after(async () => {
    await panel.close();
    await closeBrowser();
  });

  it('begin the answer strip: the most severe one is the verdict, with how many more there are', async () => {
    await panel.page
      .locator('.answer .sentence', { hasText: 'error' })
      .filter({ hasText: 'Nobody caught Error: no, thrown in load' })
      .waitFor();
    await panel.page.locator('.answer').getByRole('button', { name: 'and 2 more' }).waitFor();
  });

  it('are all in the Why tab, before the longest waits', async () => {
    await panel.page.getByRole('list', { name: 'Longest waits' }).waitFor();
    const text = (await panel.page.locator('.tab-body').allInnerTexts())[0]!.replace(/\s+/g, ' ');
    assert.match(
      text,
      /Findings ✕ error Nobody caught .* ⚠ warning The thread was held for 340 ms by resize/,
    );
    assert.match(text, /Where the time went .* in all/);
    assert.match(text, /Longest waits 1\. resize has been waiting 100 ms at a\.ts:5/);
    await panel.screenshot('findings-dark');
  });

  it('lead to the span that proves them when their line is clicked', async () => {
    const line = panel.page.locator('.tab-body li', { hasText: 'held for 340 ms' });
    await line.locator('.severity').click();
    await panel.page.locator('.answer .sentence', { hasText: 'resize ran 340 ms' }).waitFor();
    await panel.page.locator('.tree-row.current .label', { hasText: /^resize$/ }).waitFor();
    const list = panel.page.getByRole('tabpanel').getByRole('list', { name: 'Findings' });
    assert.equal(await list.getByRole('listitem').count(), 2, 'the findings about the selected task');
    await panel.screenshot('finding-selected-dark');
  });

  it('lead there by keys, too: E goes to the next one, Tab and Enter work in the list', async () => {
    const sentence = panel.page.locator('.answer .sentence');
    await panel.page.locator('.lanes').focus();
    await panel.page.keyboard.press('e');
    await sentence.filter({ hasText: 'load' }).waitFor();
    await panel.page.keyboard.press('e');
    await sentence.filter({ hasText: 'resize ran 340 ms' }).waitFor();
    await panel.page.keyboard.press('Escape');
    await panel.page.getByRole('list', { name: 'Longest waits' }).waitFor();
    await panel.page.locator('.tab-body .go').nth(2).focus();
    await panel.page.keyboard.press('Enter');
    await sentence.filter({ hasText: 'resize ran 200 ms' }).waitFor();
  });

  it('appear in the task’s row of the table', async () => {
    await panel.page.getByRole('tab', { name: 'Table' }).click();
    const cells = panel.page.locator('tbody tr', { hasText: 'load' }).locator('td');
    await cells.last().filter({ hasText: 'error: Nobody caught Error: no, thrown in load.' }).waitFor();
  });

  it('leave the strip’s second line to how the program ended while something is selected', async () => {
    await panel.send({ type: 'end', opening: 1, words: 'a.ts was stopped.', stopped: true });
    await panel.page.locator('.mode', { hasText: 'Stopped' }).waitFor();
    await panel.page.locator('.answer .second', { hasText: 'a.ts was stopped.' }).waitFor();
    assert.deepEqual(panel.complaints(), []);
  });

  it('show their severity by a sign and a word, in a light theme, too', async () => {
    const light = await openFindings('light');
    await light.page.locator('.tab-body .severity.error', { hasText: '✕ error' }).first().waitFor();
    await light.screenshot('findings-light');
    await light.close();
  });
});
