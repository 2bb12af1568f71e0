import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { mayOpenWithoutAsking, absolutePathOf } from '../../runtime/launch/may-open.ts';

describe('a path that stands in a trace', () => {
  const rows: readonly (readonly [path: string, withoutAsking: boolean])[] = [
    ['/work/app/src/a.ts', true],
    ['/work/app/src/../b.ts', true],
    ['/work/app/..b.ts', true],
    ['/work/app/../other/a.ts', false],
    ['/work/application/a.ts', false],
    ['/etc/passwd', false],
    ['/work/app', false],
    ['file:///work/app/a%20b.ts', true],
    ['file:///work/app/..%2f..%2fetc/passwd', false],
  ];
  for (const [path, withoutAsking] of rows) {
    it(`${path} is ${withoutAsking ? 'opened at once' : 'opened only after a question'}`, function () {
      if (process.platform === 'win32') this.skip();
      const plain = absolutePathOf(path);
      assert.equal(plain !== null && mayOpenWithoutAsking(plain, ['/work/app']), withoutAsking);
    });
  }

  it('is no path when it names no file', () => {
    for (const text of [
      'node:fs',
      'a.ts',
      '',
      'https://example.org/a.ts',
      'evalmachine.<anonymous>',
      '/a\0b',
    ]) {
      assert.equal(absolutePathOf(text), null, text);
    }
  });

  it('is opened only after a question when no folder is open', () => {
    assert.equal(mayOpenWithoutAsking('/work/app/a.ts', []), false);
  });
});
