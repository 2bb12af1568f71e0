import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { closeBrowser, runInPage } from './harness.ts';
import type { Seen } from './late-news.ts';

describe('News that comes late', function () {
  this.timeout(60_000);
  let seen: Seen;
  before(async () => {
    seen = (await runInPage('test/browser/late-news.ts')) as Seen;
  });
  after(closeBrowser);

  it('is painted over what was painted before: a wait of which only its end told that it was for I/O', () => {
    assert.ok(seen.changed > 1000, `${seen.changed} values of pixels changed`);
    assert.equal(seen.unlike, 0);
  });

  it('gets into the minimap of a program that is quiet since: it asks to be drawn when its pause is over', () => {
    const [first, soon, later] = seen.minimap;
    assert.equal(first, 0);
    assert.ok(soon! > 0, 'it was behind, and asked for nothing');
    assert.equal(later, 0);
  });
});
