/** Which words of a text an anonymous trace keeps. */
import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { NameMask } from '../../runtime/launch/name-mask.ts';

describe('masking names', () => {
  it('replaces the words of the program, each by the same everywhere', () => {
    const mask = new NameMask();
    assert.equal(mask.mask('chargeCard'), 'n1');
    assert.equal(mask.mask('src/payment/chargeCard.ts'), 'n2/n3/n1.ts');
    assert.equal(mask.mask('chargeCard#2'), 'n1#2');
  });

  it('keeps the words of the language, of Node and of Python', () => {
    const mask = new NameMask();
    const text = 'await Promise.all(ids.map((i) => fs.promises.readFile(i)))';
    assert.equal(mask.mask(text), 'await Promise.all(n1.map((i) => fs.promises.readFile(i)))');
    assert.equal(mask.mask('await asyncio.gather(*tasks_of_ada)'), 'await asyncio.gather(*n2)');
    assert.equal(mask.mask('setTimeout 10 ms'), 'setTimeout 10 ms');
  });

  it("keeps no name of the machine's environment", () => {
    const name = Object.keys(process.env).find((key) => /^[A-Z]+_[A-Z_]+$/.test(key)) ?? 'ADA_SECRET_NAME';
    assert.match(new NameMask().mask(name), /^n\d+$/);
  });

  it('replaces words in any script', () => {
    assert.equal(new NameMask().mask('überweisen(Ада, 名前)'), 'n1(n2, n3)');
  });
});
