import assert from 'node:assert/strict';
import { after, afterEach, describe, it } from 'mocha';
import { encodeBlock } from '../../runtime/trace/format/compact.ts';
import { KIND } from '../../runtime/trace/format/kinds.ts';
import { head, RECORD_BYTES, RECORD_WORDS, W } from '../../runtime/trace/format/layout.ts';
import { fromText } from '../../runtime/trace/format/text.ts';
import { closeBrowser, openPanel, type PanelPage } from './harness.ts';

const MARKUP = '<img src=x onerror=alert(1)><script>alert(2)</script>';
const LINK = '[free](command:workbench.action.quit)';
const TURNED = '\u202Etxt.drowssap\u2066\u0000\u001b[2J\u200b\ufeff';
const LONG = 'long'.repeat(900);

describe('A hostile trace in the panel', function () {
  this.timeout(240_000);
  after(closeBrowser);
  let panel: PanelPage;
  afterEach(async () => {
    assert.deepEqual(panel.complaints(), []);
    await panel.close();
  });

  async function open(parts: readonly Uint8Array[], name = 'hostile'): Promise<void> {
    panel = await openPanel({ size: { width: 700, height: 500 } });
    await panel.received('ready');
    await panel.send({ type: 'open', opening: 1, name, mode: 'file', recording: 'h' });
    for (const [part, records] of parts.entries())
      await panel.send({ type: 'block', opening: 1, part, bytes: encodeBlock(records).slice().buffer });
    await panel.send({ type: 'end', opening: 1, words: '', stopped: false });
    await panel.page.locator('.toolbar .mode', { hasText: 'File' }).waitFor();
  }

  /** Each tab opens, and the picture answers to keys and to the pointer. */
  async function isAlive(): Promise<void> {
    const { page } = panel;
    for (const tab of ['Why', 'Span', 'Path', 'Graph', 'Table']) {
      await page.getByRole('tab', { name: tab }).click();
      await page.getByRole('tabpanel', { name: tab }).waitFor();
    }
    const lanes = page.locator('.lanes');
    for (const key of ['ArrowDown', 'n', 'w', 'f', 'c', 'e', '[', 'Shift+F']) await lanes.press(key);
    await lanes.hover({ position: { x: 60, y: 30 } });
    await page.locator('.lanes[aria-busy=false]').waitFor({ timeout: 60_000 });
  }

  it('has what it calls things shown as text, all of it to be seen', async () => {
    const names = [MARKUP, LINK, TURNED, LONG];
    const lines = names.flatMap((name, i) => {
      const text = JSON.stringify(name);
      return [
        `${i} 0 resourceBegin id=${90 + i} name=${text} kind=queue`,
        `${i} 0 activationBegin id=${i + 2} name=${text} site=${JSON.stringify(`/${name}:1:1 function ${name}`)} kind=async-function`,
        `${i + 10} 0 wait id=${i + 2} for=${90 + i} site=${JSON.stringify(`/${name}:2:1 await ${name} | ${name}`)} reason=queue-get`,
      ];
    });
    const text = [
      `0 0 processBegin pid=7 argv=${JSON.stringify(`node ${names.slice(0, 3).join(' ')}`)}`,
      `0 0 laneBegin osThread=1 name=${JSON.stringify(TURNED)} kind=main`,
      ...lines,
      `900 0 fact id=2 text=${JSON.stringify(`${MARKUP}${LINK}${TURNED}`)} what=uncaught`,
      '1000 0 processEnd exitCode=1 how=uncaught',
    ];
    await open([fromText(text.join('\n'))], `${MARKUP}${LINK}`);
    const { page } = panel;
    await page.getByRole('treeitem').filter({ hasText: MARKUP }).first().click();
    await isAlive();
    for (const name of [MARKUP, LINK, '·txt.drowssap'])
      assert.ok((await page.getByRole('treeitem').filter({ hasText: name }).count()) > 0, name);
    assert.equal(await page.locator('img, iframe, a[href]').count(), 0);
    const text2 = await page.evaluate(
      () =>
        document.body.innerText +
        [...document.querySelectorAll<HTMLElement>('[title]')].map(({ title }) => title).join(''),
    );
    // oxlint-disable-next-line no-control-regex
    assert.doesNotMatch(text2, /[\u0000-\u0008\u000b-\u001f\u200b\u202a-\u202e\u2066-\u2069\ufeff]/);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);
    assert.ok(wide, 'a long name does not widen the page');
  });

  it('of tasks that wait for each other and for themselves has a picture, a graph and a path', async () => {
    await open([
      fromText(`
        0 0 laneBegin osThread=1 name="main" kind=main
        0 0 activationBegin id=1 parent=1 name="own parent" kind=async-function
        1 0 activationBegin id=2 parent=3 name="a" kind=async-function
        2 0 activationBegin id=3 parent=2 name="b" kind=async-function
        3 0 wait id=1 for=1 reason=task
        4 0 wait id=2 for=3 site="a.ts:1:1 await! a | b()" reason=task direct
        5 0 wait id=3 for=2 site="a.ts:2:1 await! b | a()" reason=task direct
        6 0 wake woken=2 waker=2
        7 0 run id=2 waker=2
        8 0 run id=3 waker=2
        9 0 wait id=2 for=3 reason=task direct
        10 0 wait id=3 for=2 reason=task direct
        1000000 0 processEnd exitCode=13 how=exit
      `),
    ]);
    await panel.page.getByRole('treeitem', { name: /own parent/ }).waitFor();
    await isAlive();
    await panel.page.getByRole('tab', { name: 'Graph' }).click();
    await panel.page.getByText(/tasks? waited/).waitFor();
  });

  it('of a million threads says in one sentence that it is not shown whole, and shows the first', async () => {
    const perPart = 0xffff;
    const parts = Array.from({ length: 16 }, (_, part) => {
      const records = new Uint8Array(perPart * RECORD_BYTES);
      const words = new Uint32Array(records.buffer);
      for (let lane = 0; lane < perPart; lane++) {
        const w = lane * RECORD_WORDS;
        words[w + W.tLow] = part * 1000 + lane;
        words[w + W.task] = 0;
        words[w + W.head] = head(KIND.laneBegin, 0, lane + 1);
      }
      return records;
    });
    await open(parts);
    const alert = panel.page.getByRole('alert').filter({ hasText: 'The trace is not shown whole' });
    await alert.waitFor({ timeout: 120_000 });
    assert.match(await alert.innerText(), /65,536 threads/);
    assert.equal(await panel.page.getByRole('alert').count(), 1);
    await panel.page.getByRole('treeitem').first().waitFor();
    await isAlive();
  });
});
