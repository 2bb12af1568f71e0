import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { shownText } from '../../../extension/panel/shown-text.ts';

describe('text of others in messages of VS Code', () => {
  for (const [name, text, shown] of [
    [
      'no link that runs a command',
      '[open](command:workbench.action.quit)',
      '[open] (command:workbench.action.quit)',
    ],
    ['no icon', '$(error) shop.ts', '$ (error) shop.ts'],
    ['no turned line', 'shop\u202Est.exe', 'shop·st.exe'],
    ['no control character', 'a\u0007\u001B[31mb', 'a··[31mb'],
  ] as const)
    it(`is ${name}`, () => assert.equal(shownText(text), shown));

  it('is as it was where there is nothing in it', () => {
    assert.equal(shownText('orders (2).ts [old] $5'), 'orders (2).ts [old] $5');
  });
});
