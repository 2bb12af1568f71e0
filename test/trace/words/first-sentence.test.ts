import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { splitFirstSentence } from '../../../runtime/trace/words/first-sentence.ts';
import { plain, type Sentence } from '../../../runtime/trace/words/sentence.ts';

const link = (text: string): { readonly site: number; readonly text: string } => ({ site: 0, text });

describe('the first sentence', () => {
  const rows: readonly (readonly [Sentence, string, string])[] = [
    [['main waited at ', link('a.ts:3'), '. Nobody woke it.'], 'main waited at a.ts:3.', 'Nobody woke it.'],
    [['One.', ' ', link('Two'), ' goes on.'], 'One.', 'Two goes on.'],
    [['It took 1.91 of 2.16 s.'], 'It took 1.91 of 2.16 s.', ''],
    [['Why? Because.'], 'Why?', 'Because.'],
    [[link('a. b'), ' ran. Then it ended.'], 'a. b ran.', 'Then it ended.'],
    [['no full stop'], 'no full stop', ''],
    [[], '', ''],
  ];
  for (const [words, first, rest] of rows) {
    it(`of "${plain(words)}" is "${first}"`, () => {
      const split = splitFirstSentence(words);
      assert.deepEqual([plain(split.first), plain(split.rest)], [first, rest]);
    });
  }
});
