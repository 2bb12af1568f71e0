/** Whether an answer names what the truth of a program names. */
import type { Truth } from './truth.ts';

export interface Answer {
  readonly rule: string;
  readonly severity: string;
  readonly words: string;
}

export interface Verdict {
  /** The first sentence of the first answer; '': there is no answer. */
  readonly first: string;
  /** It names one of the lines and all of the names, and the answer is of the rule. */
  readonly isRight: boolean;
  /** The rule is among the answers. */
  readonly isFound: boolean;
  /** What the first sentence lacks. */
  readonly lacks: readonly string[];
}

export function judge(truth: Truth, answers: readonly Answer[]): Verdict {
  const first = firstSentence(answers[0]?.words ?? '');
  const lacks: string[] = [];
  if (answers[0]?.rule !== truth.rule) lacks.push(`rule ${truth.rule}`);
  if (!truth.lines.some((line) => namesLine(first, line))) lacks.push(`line ${truth.lines.join(' or ')}`);
  for (const name of truth.names) if (!first.includes(name)) lacks.push(name);
  return {
    first,
    isRight: lacks.length === 0,
    isFound: answers.some(({ rule }) => rule === truth.rule),
    lacks,
  };
}

export const firstSentence = (words: string): string => firstSentences(words, 1);

/** A sentence ends at a full stop before a blank: "report.ts:24" holds none. */
export function firstSentences(words: string, most: number): string {
  return new RegExp(`^(?:.*?[.!?](?=\\s|$)){1,${most}}`, 's').exec(words)?.[0] ?? words;
}

/** "app.ts:24", "line 24", "lines 20–26": a range names each of its lines. */
function namesLine(sentence: string, line: number): boolean {
  for (const [, from, to] of sentence.matchAll(/(?:\.\w+:|\blines? )(\d+)(?:[–-](\d+))?/g)) {
    if (line >= Number(from) && line <= Number(to ?? from)) return true;
  }
  return false;
}

/** On a program without a fault: what says that there is one. */
export function falseAlarms(answers: readonly Answer[]): Answer[] {
  return answers.filter(({ severity }) => severity === 'warning' || severity === 'error');
}
