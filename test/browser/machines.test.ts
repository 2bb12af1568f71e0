/** A trace of two machines in the panel: whose times may be off, by how much, and where. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { mergeTraces } from '../../runtime/launch/merge-traces.ts';
import { readSavedTrace } from '../../runtime/launch/read-saved-trace.ts';
import { encodeBlock } from '../../runtime/trace/format/compact.ts';
import { producer, recordMachine, worker } from '../support/machine-recordings.ts';
import { closeBrowser, openPanel, type PanelPage } from './harness.ts';
import { pixelsOf } from './pixels.ts';

for (const theme of ['dark', 'light'] as const)
  describe(`two machines in the ${theme} panel`, function () {
    this.timeout(60_000);
    const folder = mkdtempSync(join(tmpdir(), 'simul-machines-'));
    let panel: PanelPage;
    before(async () => {
      const file = join(folder, 'both.simul');
      const a = recordMachine(folder, 'host-a', producer(3));
      const b = recordMachine(folder, 'host-b', worker(3), { zeroMs: 77_000n });
      assert.ok(typeof mergeTraces([a, b], file) !== 'string');
      panel = await openPanel({ theme });
      await panel.received('ready');
      await panel.send({ type: 'open', opening: 1, name: 'both.simul', mode: 'file', recording: 'r1' });
      const blocks: { part: number; bytes: ArrayBuffer }[] = [];
      readSavedTrace(file, {
        onRecords: (part, records) =>
          void blocks.push({ part, bytes: encodeBlock(records.slice()).slice().buffer }),
        onTrouble: (words) => assert.fail(words),
      });
      for (const block of blocks) await panel.send({ type: 'block', opening: 1, ...block });
      await panel.send({ type: 'end', opening: 1, words: '', stopped: false });
      await row('count#3').waitFor();
    });
    after(async () => {
      await panel.close();
      await closeBrowser();
      rmSync(folder, { recursive: true, force: true });
    });

    const row = (name: string) => panel.page.locator('[role=treeitem]', { hasText: name }).first();

    it('says at the process on which machine it ran, and how far its times may be off', async () => {
      await row('work').filter({ hasText: 'on host-b ± 20 ms' }).waitFor();
      await row('shop').filter({ hasText: 'on host-a' }).waitFor();
      assert.equal((await row('shop').innerText()).includes('±'), false);
    });

    it('hatches where its tasks may have begun and ended, and nothing of the first machine', async () => {
      await panel.screenshot(`machines-${theme}`);
      const pixels = await pixelsOf(panel);
      const canvas = (await panel.page.locator('canvas').first().boundingBox())!;
      // How often it goes from light to dark along a line through the row.
      const changesIn = async (name: string): Promise<number> => {
        const box = (await row(name).boundingBox())!;
        const y = Math.round(box.y + box.height / 2);
        const from = Math.round(canvas.x);
        let changes = 0;
        for (let x = from + 1; x < canvas.x + canvas.width; x++)
          if (Math.abs(pixels.lightness(x, y) - pixels.lightness(x - 1, y)) > 8) changes++;
        return changes;
      };
      assert.ok((await changesIn('count#1')) > 20, String(await changesIn('count#1')));
      assert.ok((await changesIn('produce')) < 10, String(await changesIn('produce')));
    });
  });
