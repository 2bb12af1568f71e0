/** A sentence: text and links. Text is text, never markup. */
export type SentencePart =
  | string
  | { readonly task: number; readonly text: string }
  | { readonly site: number; readonly text: string }
  | { readonly resource: number; readonly text: string };

export type Sentence = readonly SentencePart[];

/** The sentence's text without its links. */
export const plain = (sentence: Sentence): string =>
  sentence.map((part) => (typeof part === 'string' ? part : part.text)).join('');
