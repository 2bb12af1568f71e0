import assert from 'node:assert/strict';
import { after, describe, it } from 'mocha';
import { closeBrowser, openPanel } from './harness.ts';
import { themes, type Theme } from './themes.ts';

describe('the panel in Chromium', () => {
  after(closeBrowser);

  for (const theme of Object.keys(themes) as Theme[]) {
    it(`comes up under the ${theme} theme, says that it is ready, and complains of nothing`, async () => {
      const panel = await openPanel({ theme });
      try {
        assert.deepEqual(await panel.received('ready'), [{ type: 'ready' }]);
        assert.deepEqual(panel.complaints(), []);
        await panel.screenshot(`panel-empty-${theme}`);
      } finally {
        await panel.close();
      }
    });
  }
});
