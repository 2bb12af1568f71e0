import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { PANEL_ACTIONS as ACTIONS } from '../../../runtime/trace/messages/panel.ts';
import { keyRow, KEYS } from '../../../media/page/keys.ts';

const press = (key: string, ctrlKey = false) => keyRow({ key, ctrlKey, metaKey: false, altKey: false });

describe('The keys of the picture', () => {
  it('have one meaning each', () => {
    const keys = KEYS.flatMap((row) => row.keys);
    assert.equal(new Set(keys).size, keys.length);
  });

  it('name actions that exist', () => {
    for (const row of KEYS) assert.ok((ACTIONS as readonly string[]).includes(row.action), row.action);
  });

  it('leave chords to the editor', () => {
    assert.equal(press('w', true), null);
    assert.equal(press('w')?.action, 'zoomIn');
    assert.equal(press('x'), null);
  });
});
