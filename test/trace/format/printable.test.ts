import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { printable, printableJson } from '../../../runtime/trace/format/printable.ts';
import { fromText } from '../../../runtime/trace/format/text.ts';
import { Fold } from '../../../runtime/trace/fold/fold.ts';

const UNSEEN = {
  'a control character': '\u001b',
  'a line feed': '\n',
  'a C1 control': '\u009b',
  'an Arabic letter mark': '\u061c',
  'a zero-width space': '\u200b',
  'a right-to-left mark': '\u200f',
  'a line separator': '\u2028',
  'an override': '\u202e',
  'an isolate': '\u2066',
  'a byte order mark': '\ufeff',
  'a tag': '\u{e0041}',
};

describe('text that is shown, copied or printed', () => {
  for (const [name, character] of Object.entries(UNSEEN)) {
    it(`has a dot in the place of ${name}`, () => {
      assert.equal(printable(`a${character}b`), 'a·b');
    });
    it(`has ${name} as an escape in JSON, which reads back as it was`, () => {
      if (character === '\n') return;
      const json = printableJson(JSON.stringify(`a${character}b`));
      assert.match(json, /^"a(\\u[0-9a-f]{4})+b"$/);
      assert.equal(JSON.parse(json), `a${character}b`);
    });
  }

  it('keeps letters of every language, accents and emoji', () => {
    for (const text of ['Grüße', 'слово', '言葉', 'مرحبا', '👍🏽', 'a\u0301'])
      assert.equal(printable(text), text);
  });

  it('is made so when a trace is read; a file keeps its name, to be found by it', () => {
    const fold = new Fold();
    fold.feed(
      0,
      fromText('0 0 activationBegin id=1 site="a\u202e.ts:1:1 function f\u200b" name="f\u009b" kind=main'),
    );
    const { trace } = fold;
    assert.equal(trace.nameOf(0), 'f·');
    assert.deepEqual([trace.sites[0]!.file, trace.sites[0]!.fn], ['a\u202e.ts', 'f·']);
  });
});
