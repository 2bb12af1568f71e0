/** A sentence whose parts may be links; text is text, never markup. */
export type Part =
  | string
  | { readonly task: number; readonly text: string }
  | { readonly site: number; readonly text: string }
  | { readonly resource: number; readonly text: string };

export type Sentence = readonly Part[];

export const plain = (sentence: Sentence): string =>
  sentence.map((part) => (typeof part === 'string' ? part : part.text)).join('');
