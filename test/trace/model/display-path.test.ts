import { strict as assert } from 'node:assert';
import { describe, it } from 'mocha';
import { displayPath, displayPlace } from '../../../runtime/trace/model/display-path.ts';

describe('a path for display', () => {
  for (const [path, shown] of [
    ['/app/src/orders.ts', 'orders.ts'],
    ['C:\\app\\src\\orders.ts', 'orders.ts'],
    ['C:\\app/src\\orders.ts', 'orders.ts'],
    ['file:///app/src/orders.ts', 'orders.ts'],
    ['orders.ts', 'orders.ts'],
    ['node:fs', 'node:fs'],
    ['/app/src/', 'src'],
    ['/', ''],
    ['', ''],
  ] as const) {
    it(`of "${path}" is "${shown}"`, () => {
      assert.equal(displayPath(path), shown);
    });
  }

  it('stands before the line in a place', () => {
    assert.equal(displayPlace({ file: 'C:\\app\\orders.ts', line: 12 }), 'orders.ts:12');
  });
});
