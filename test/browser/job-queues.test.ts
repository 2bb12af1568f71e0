/** Queues of jobs in the panel: a lane for each, its counts, and a job's chain to follow. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { encodeBlock } from '../../runtime/trace/format/compact.ts';
import { fromText } from '../../runtime/trace/format/text.ts';
import { closeBrowser, openPanel, type PanelPage } from './harness.ts';

const QUEUE = 'name="words|127.0.0.1:6379/0 bull:words" kind=job-queue';
/** Times are in ms. Adds three jobs, one of them for later. */
const PRODUCER = `
  0 0 processBegin pid=1 argv="node shop.mjs" language=node method=program
  0 0 laneBegin osThread=1 name="main" kind=main
  0 0 activationBegin id=1 name="produce" kind=main
  1 0 resourceBegin creator=1 id=2 ${QUEUE}
  2 0 resourceBegin creator=1 id=3 name="count" kind=job
  2 0 link id=1 token=7 resource=2 attempt=1 way=send kind=queued-job
  3 0 resourceBegin creator=1 id=4 name="mail" kind=job
  3 0 link id=1 token=8 resource=2 attempt=1 way=send kind=queued-job
  4 0 resourceBegin creator=1 id=5 name="later" kind=job
  4 0 link id=1 token=9 resource=2 attempt=1 way=send kind=queued-job
  4 0 use by=1 resource=5 forMs=500 how=delays
  100 0 activationEnd id=1 outcome=ok
`;
/** Does the first at its second attempt; the second fails for good. */
const WORKER = `
  0 0 processBegin pid=2 argv="python3 worker.py" language=python method=program
  0 0 laneBegin osThread=1 name="main" kind=main
  0 0 activationBegin id=1 name="work" kind=main
  0 0 resourceBegin creator=1 id=2 ${QUEUE}
  40 0 resourceBegin creator=1 id=3 name="count" kind=job
  40 0 activationBegin id=10 parent=1 name="count" of=3 kind=job
  40 0 link id=10 token=7 resource=2 attempt=1 way=receive kind=queued-job
  60 0 link id=10 token=70 resource=2 attempt=2 way=send kind=queued-job
  60 0 activationEnd id=10 error="no answer" outcome=error
  60 0 use by=10 resource=3 how=delays
  61 0 resourceBegin creator=1 id=4 name="mail" kind=job
  61 0 activationBegin id=11 parent=1 name="mail" of=4 kind=job
  61 0 link id=11 token=8 resource=2 attempt=1 way=receive kind=queued-job
  80 0 activationEnd id=11 error="no answer" outcome=error
  81 0 activationBegin id=12 parent=1 name="count (attempt 2)" of=3 kind=job
  81 0 link id=12 token=70 resource=2 attempt=2 way=receive kind=queued-job
  95 0 activationEnd id=12 outcome=ok
  100 0 activationEnd id=1 outcome=ok
`;
const inNs = (text: string): Uint8Array =>
  fromText(text.replaceAll(/^(\s*)(\d+) (?=\d)/gm, (_, space: string, ms: string) => `${space}${ms}000000 `));

describe('A queue of jobs in the panel', function () {
  this.timeout(60_000);
  let panel: PanelPage;
  before(async () => {
    panel = await openPanel({ theme: 'dark', state: { openTab: 'span' } });
    await panel.received('ready');
    await panel.send({ type: 'open', opening: 1, name: 'shop', mode: 'live', recording: 'r1' });
    for (const [part, text] of [PRODUCER, WORKER].entries())
      await panel.send({
        type: 'block',
        opening: 1,
        part,
        bytes: encodeBlock(inNs(text)).slice().buffer,
      });
    await panel.page.getByRole('treeitem', { name: /words/ }).waitFor();
  });
  after(async () => {
    await panel.close();
    await closeBrowser();
  });

  const sentence = () => panel.page.locator('.answer .sentence');

  it('has one lane, above the processes that have a part in it', async () => {
    const labels = await panel.page.locator('.tree-row .label').allTextContents();
    assert.equal(labels[0], 'words');
    assert.equal(labels.filter((label) => label === 'words').length, 1);
    await panel.screenshot('job-queue-dark');
  });

  it('says how many jobs are in which state', async () => {
    await panel.page.getByRole('treeitem', { name: /words/ }).click();
    await sentence().filter({ hasText: 'was given 3 jobs, and 3 attempts began' }).waitFor();
    await panel.page
      .locator('.tab-body', { hasText: '0 waiting, 0 active, 1 held back, 1 failed' })
      .waitFor();
  });

  it('leads from an attempt to who added its job, and to the next attempt', async () => {
    await panel.page.getByRole('treeitem', { name: /^.*count\b(?!.*attempt)/ }).click();
    const words = sentence().filter({ hasText: 'It was followed by count (attempt 2)' });
    await words.waitFor();
    await sentence().filter({ hasText: 'Its job was added by produce' }).waitFor();
    await words.getByText('count (attempt 2)', { exact: true }).click();
    const details = panel.page.locator('.tab-body', { hasText: /Asked for by\s*count/ });
    await details.filter({ hasText: /Queue\s*words/ }).waitFor();
    await panel.screenshot('job-chain-dark');
    assert.deepEqual(panel.complaints(), []);
  });
});
