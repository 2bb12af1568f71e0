/** A sentence in the sense of `Sentence` may hold several; the first of them is the verdict. */
import type { Sentence, SentencePart } from './sentence.ts';

export interface SplitSentence {
  /** Up to its full stop, question or exclamation mark. */
  readonly first: Sentence;
  /** What follows, without the blank between; empty: nothing does. */
  readonly rest: Sentence;
}

/**
 * A sentence ends where a full stop stands before a blank: "report.ts:24" holds none. Links are
 * not looked into.
 */
export function splitFirstSentence(words: Sentence): SplitSentence {
  for (const [i, part] of words.entries()) {
    if (typeof part !== 'string') continue;
    const end = endOfSentence(part, words[i + 1]);
    if (end < 0) continue;
    const rest: SentencePart[] = [part.slice(end), ...words.slice(i + 1)];
    return { first: [...words.slice(0, i), part.slice(0, end)], rest: trimStart(rest) };
  }
  return { first: words, rest: [] };
}

/** −1: the sentence goes on behind this text. */
function endOfSentence(text: string, next: SentencePart | undefined): number {
  const inside = /[.!?](?=\s)/.exec(text);
  if (inside !== null) return inside.index + 1;
  const startsBlank = typeof next === 'string' && /^\s/.test(next);
  return /[.!?]$/.test(text) && startsBlank ? text.length : -1;
}

function trimStart(parts: readonly SentencePart[]): Sentence {
  const [head, ...others] = parts;
  if (typeof head !== 'string') return parts;
  const trimmed = head.trimStart();
  return trimmed === '' ? trimStart(others) : [trimmed, ...others];
}
