/** A report as its reader opens it: from a file, in a browser without a network. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, before, describe, it } from 'mocha';
import type { Page } from 'playwright-core';
import { saveReport } from '../../runtime/launch/report/save-report.ts';
import { saveTrace } from '../../runtime/launch/saved-trace.ts';
import { fromText } from '../../runtime/trace/format/text.ts';
import { newPart } from '../launch/part-writer.ts';
import { closeBrowser, collectComplaints, newPage, saveScreenshot } from './harness.ts';

const RECORDS = fromText(
  [
    '0 0 processBegin pid=1 argv="node /app/main.js" version="v20.0.0" language=node',
    '0 0 laneBegin name="main" kind=main',
    '1000000 0 activationBegin id=1 name="load" site="/app/load.js:3:1 function load" kind=async-function',
    '2000000 0 wait id=1 site="/app/load.js:4:9 await load | read()" reason=io',
    '9000000 0 wake woken=1',
    '9100000 0 run id=1',
    '9500000 0 activationEnd id=1 outcome=ok',
    '10000000 0 processEnd',
  ].join('\n'),
);

describe('A report in a browser', function () {
  this.timeout(60_000);
  let at: string;
  let trace: string;
  before(() => {
    at = mkdtempSync(join(tmpdir(), 'simul-report-'));
    newPart(at).append(RECORDS);
    trace = join(at, 'saved.simul');
    saveTrace(at, trace);
    assert.ok(typeof saveReport(trace, join(at, 'page.html')) !== 'string');
  });
  after(async () => {
    rmSync(at, { recursive: true, force: true });
    await closeBrowser();
  });

  /** Opens the page without a network; at the end nothing may have been asked for or refused. */
  async function withReport(scheme: 'dark' | 'light', look: (page: Page) => Promise<void>): Promise<void> {
    const page = await newPage();
    await page.context().setOffline(true);
    await page.emulateMedia({ colorScheme: scheme });
    const complaints = collectComplaints(page);
    const requested: string[] = [];
    page.on('request', (request) => requested.push(request.url()));
    const url = pathToFileURL(join(at, 'page.html')).href;
    try {
      await page.goto(url);
      await page.locator('.toolbar .mode', { hasText: 'File' }).waitFor();
      await page.locator('.lanes[aria-busy=false]').waitFor();
      await look(page);
      assert.deepEqual(complaints, []);
      assert.deepEqual(
        requested.filter((address) => address !== url && !/^(?:blob|data):/.test(address)),
        [],
      );
    } finally {
      await page.close();
    }
  }

  for (const scheme of ['dark', 'light'] as const)
    it(`shows the trace in the ${scheme} colours of the reader's system`, () =>
      withReport(scheme, async (page) => {
        await page.locator('.answer', { hasText: 'load' }).waitFor();
        await page.locator('.rows', { hasText: 'load' }).waitFor();
        const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
        assert.equal(background, scheme === 'dark' ? 'rgb(31, 31, 31)' : 'rgb(255, 255, 255)');
        await saveScreenshot(page, `report-${scheme}`);
      }));

  it('has every tab, and the graph without another file', () =>
    withReport('dark', async (page) => {
      for (const tab of ['Why', 'Span', 'Path', 'Graph', 'Table']) {
        await page.getByRole('tab', { name: tab }).click();
        await page.getByRole('tabpanel', { name: tab }).waitFor();
      }
    }));

  it('saves the trace that is in it', () =>
    withReport('dark', async (page) => {
      const download = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Save the trace' }).click();
      const saved = await download;
      assert.equal(saved.suggestedFilename(), 'saved.simul');
      assert.deepEqual(readFileSync(await saved.path()), readFileSync(trace));
    }));

  it('says which line is meant where an editor would open it', () =>
    withReport('dark', async (page) => {
      await page.locator('.lanes').press('ArrowDown');
      await page.locator('.lanes').press('ArrowDown');
      await page.locator('.lanes').press('Enter');
      await page.locator('.report-note', { hasText: '/app/load.js:' }).waitFor();
    }));
});
