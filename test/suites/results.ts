/** What the output of a test runner says of its tests. */
import type { Reader } from './suite.ts';

export interface Results {
  readonly passed: number;
  readonly failed: number;
  /** What has to be the same to the letter; absent: the counts alone. */
  readonly text?: string;
}

/** Sums what a pattern finds: runners may print a line for each project. */
function sum(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].reduce((total, [, count]) => total + Number(count), 0);
}

const READERS: Readonly<Record<Reader, (text: string) => Results>> = {
  mocha: (text) => ({
    passed: sum(text, /^\s*(\d+) passing\b/gm),
    failed: sum(text, /^\s*(\d+) failing\b/gm),
  }),
  // Its last lines tell how many passed only where none failed.
  ava: (text) => ({
    passed: [...text.matchAll(/^ +✔ /gm)].length,
    failed: [...text.matchAll(/^ +✘ \[fail\]/gm)].length,
  }),
  // A line an assertion, of subtests too.
  'tap-lines': (text) => ({
    passed: [...text.matchAll(/^ *ok \d+/gm)].length,
    failed: [...text.matchAll(/^ *not ok \d+/gm)].length,
  }),
  answers: (text) => ({
    passed: [...text.matchAll(/^ok \d+/gm)].length,
    failed: 0,
    text: [...text.matchAll(/^(?:ok|#) .*$/gm)].join('\n'),
  }),
  jest: (text) => ({
    passed: sum(text, /^Tests:.*?(\d+) passed/gm),
    failed: sum(text, /^Tests:.*?(\d+) failed/gm),
  }),
  vitest: (text) => ({
    passed: sum(text, /^\s*Tests\b.*?(\d+) passed/gm),
    failed: sum(text, /^\s*Tests\b.*?(\d+) failed/gm),
  }),
  pytest: (text) => ({
    passed: [...text.matchAll(/^(?:PASSED|XFAIL) /gm)].length,
    failed: [...text.matchAll(/^(?:FAILED|ERROR|XPASS) /gm)].length,
    text: pytestLines(text),
  }),
  'node-test': (text) => ({
    passed: sum(text, /^(?:# |ℹ )pass (\d+)/gm),
    failed: sum(text, /^(?:# |ℹ )fail (\d+)/gm),
  }),
};

/**
 * How each test ended, by its name, and how many warnings there were. What a failure says is left
 * out, as is how long it all took: both hold addresses and times.
 */
function pytestLines(text: string): string {
  const lines = [...text.matchAll(/^((?:PASSED|XFAIL|XPASS|FAILED|ERROR|SKIPPED) .*?)(?: - .*)?$/gm)];
  const total = /^(?:=+ )?((?:\d+ [a-z]+(?:, )?)+) in [\d.]+s/m.exec(text);
  return [...lines.map(([, line]) => line!).sort(), total?.[1] ?? 'no total'].join('\n');
}

/** @param output standard output and error, with or without colours */
export function resultsOf(output: string, reader: Reader): Results {
  // eslint-disable-next-line no-control-regex -- colours are control characters
  return READERS[reader](output.replaceAll(/\u001b\[[\d;]*m/g, ''));
}
