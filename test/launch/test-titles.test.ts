import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { testAt, testsIn } from '../../runtime/launch/test-titles.ts';

const FILE = `
import { describe, it } from 'vitest';
describe('orders', () => {
  it('adds', async () => {});
  describe("when it is late", () => {
    it.only(\`waits\`, () => {});
    it.skip('never', () => {});
  });
  test('it\\'s "gone"', () => {});
});
it('stands alone', () => {});
describe.skip('off', function () {
  it('is off', () => {});
});
it(name, () => {});
const it2 = emit('it');
`.split('\n');

const linesOf = (lines: readonly string[]): string[] =>
  testsIn(lines).map(({ line, titles }) => `${line} ${titles.join(' › ')}`);

describe('the tests in a file', () => {
  it('are found by their titles, with the groups around them', () => {
    assert.deepEqual(linesOf(FILE), [
      '3 orders › adds',
      '5 orders › when it is late › waits',
      '8 orders › it\'s "gone"',
      '10 stands alone',
    ]);
  });

  it('are not those of a group that is off, nor those without a title of their own', () => {
    assert.ok(linesOf(FILE).every((line) => !/is off|never|name/.test(line)));
  });

  it('are known at any line of theirs', () => {
    assert.deepEqual(testAt(FILE, 6)?.titles, ['orders', 'when it is late', 'waits']);
    assert.equal(testAt(FILE, 1), undefined);
  });
});
