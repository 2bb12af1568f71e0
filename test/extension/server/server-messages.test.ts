import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import {
  readSettingsNotice,
  readRecordingNotice,
  readSaveRequest,
} from '../../../runtime/trace/messages/server.ts';

describe('a message to the language server', () => {
  it('is taken when it is whole', () => {
    assert.deepEqual(readRecordingNotice({ folder: '/r', ended: true }), { folder: '/r', ended: true });
    assert.deepEqual(readRecordingNotice({ folder: null, ended: false, more: 1 }), {
      folder: null,
      ended: false,
    });
    assert.deepEqual(readSettingsNotice({ lenses: true, hints: false }), {
      lenses: true,
      hints: false,
      silenced: [],
    });
    const silenced = ['one-by-one', 7, 'overlap'];
    assert.deepEqual(readSettingsNotice({ lenses: true, hints: false, silenced })?.silenced, [
      'one-by-one',
      'overlap',
    ]);
    const save = { folder: '/r', file: '/t.simul' };
    assert.deepEqual(readSaveRequest(save), save);
    assert.deepEqual(readSaveRequest({ ...save, with: ['/s'] }), { ...save, with: ['/s'] });
  });

  it('is refused when it is anything else', () => {
    for (const value of [
      null,
      undefined,
      1,
      'x',
      [],
      {},
      { folder: '' },
      { folder: 3 },
      { folder: '/a\0' },
      { folder: 'a'.repeat(5000) },
    ]) {
      assert.equal(readRecordingNotice(value), null, JSON.stringify(value));
      assert.equal(readSaveRequest(value), null);
      assert.equal(readSettingsNotice(value), null);
    }
    assert.equal(readSettingsNotice({ lenses: 'yes', hints: true }), null);
    assert.equal(readSaveRequest({ folder: '/r' }), null);
    for (const others of ['/s', ['/s', 3], [''], Array.from({ length: 1001 }, () => '/s')])
      assert.equal(readSaveRequest({ folder: '/r', file: '/t.simul', with: others }), null);
  });
});
