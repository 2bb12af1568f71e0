/** A Python program in the workbench, without the Python extension: as a user sees it. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import type { Locator } from 'playwright-core';
import { openWorkbench, screenshotFailures, stopAfterFailure, type Workbench } from '../workbench.ts';

/** Producers fill a queue of three until a file exists: the test decides when the program ends. */
const PROGRAM = `import asyncio
from pathlib import Path

enough = Path(__file__).with_name("enough")


async def produce(orders):
    while not enough.exists():
        await orders.put("order")
        await asyncio.sleep(0.01)
    await orders.put(None)


async def consume(orders):
    while await orders.get() is not None:
        await asyncio.sleep(0.02)


async def main():
    orders = asyncio.Queue(maxsize=3)
    await asyncio.gather(produce(orders), consume(orders))
    print("enough")


if __name__ == "__main__":
    asyncio.run(main())
`;

describe('tracing Python in the workbench', function () {
  stopAfterFailure();

  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'simul-workbench-python-')));
  let workbench: Workbench;
  screenshotFailures(() => workbench);

  before(async () => {
    writeFileSync(join(folder, 'orders.py'), PROGRAM);
    writeFileSync(join(folder, 'broken.py'), 'def main(:\n    pass\n');
    workbench = await openWorkbench({ folder, file: join(folder, 'orders.py') });
  });
  after(async () => {
    await (workbench as Workbench | undefined)?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const row = (name: string): Locator =>
    workbench.webview().locator('[role=treeitem].task', { hasText: name }).first();
  const mode = (): Locator => workbench.webview().locator('.toolbar .mode');

  it('draws its tasks while the program still runs', async () => {
    const { page } = workbench;
    const lens = page.locator('.codelens-decoration', { hasText: 'Trace with Simul' });
    await lens.locator('a').first().click();
    await mode().getByText('Live').waitFor();
    await row('produce').waitFor();
    await row('consume').waitFor();
    await workbench.screenshot('python-live');
    assert.equal(existsSync(join(folder, 'enough')), false);
    writeFileSync(join(folder, 'enough'), '');
    await mode().getByText('Ended').waitFor();
    await workbench.webview().getByText('orders.py ended with exit code 0.').first().waitFor();
  });

  it('says beside the awaits how long they waited, and in no word of another language', async () => {
    const { page } = workbench;
    const hint = page.locator('.view-line', { hasText: 'await orders.put("order")' });
    await hint.getByText(/waited\s\d+×\s·\smedian\s[\d.]+\s[mµ]s/).waitFor();
    await row('produce').click();
    await workbench
      .webview()
      .getByText(/^produce ended after/)
      .first()
      .waitFor();
    await page.locator('.editor-instance .active-line-number', { hasText: /^7$/ }).waitFor();
    const words = await workbench.webview().locator('body').innerText();
    assert.match(words, /orders\nqueue/);
    assert.doesNotMatch(words, /promise|setTimeout|node\b/i);
    await workbench.screenshot('python-ended');
  });

  it('says in one sentence that a file is not valid Python', async () => {
    await workbench.openFile('broken.py');
    await workbench.runCommand('Simul: Trace Current File');
    await workbench
      .webview()
      .getByText(/broken\.py is not valid Python/)
      .first()
      .waitFor();
    await workbench.screenshot('python-broken');
  });
});
