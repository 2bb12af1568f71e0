import assert from 'node:assert/strict';
import { after, describe, it } from 'mocha';
import { closeBrowser, openPanel } from './harness.ts';
import { themes, type Theme } from './themes.ts';

describe('The empty panel in a browser', () => {
  after(closeBrowser);

  for (const theme of Object.keys(themes) as Theme[]) {
    it(`opens under the ${theme} theme, reports that it is ready, and complains of nothing`, async () => {
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
