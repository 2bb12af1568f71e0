/**
 * What is taken out of an output before it is compared, because it differs between two runs of the
 * same program. Each is as narrow as it can be.
 */

export interface Normalisation {
  readonly why: string;
  readonly pattern: RegExp;
  readonly replacement: string;
}

export const warningPid: Normalisation = {
  why: 'Node puts the process id before a warning',
  pattern: /^\(node:\d+\)/gm,
  replacement: '(node:PID)',
};

export const nativeAddress: Normalisation = {
  why: 'Node prints addresses of its own code when it aborts',
  pattern: /^( ?\d+: )0x[0-9a-f]+/gm,
  replacement: '$10xADDRESS',
};

export const timerStart: Normalisation = {
  why: 'node -p prints a timer with the time at which it was started',
  pattern: /^( {2}_idleStart: )\d+,$/gm,
  replacement: '$1N,',
};

export const testDuration: Normalisation = {
  why: "node:test's reporters write each test's duration",
  pattern: /(duration_ms:? )[\d.]+/g,
  replacement: '$1N',
};

export const specDuration: Normalisation = {
  why: "the spec reporter writes a test's duration in brackets, mocha and jest only of slow ones",
  pattern: / \([\d.]+ ?m?s\)$/gm,
  replacement: '',
};

export const mochaTotal: Normalisation = {
  why: 'mocha writes how long the passing tests took',
  pattern: /^( {2}\d+ passing) \(\d+m?s\)$/gm,
  replacement: '$1',
};

export const jestTime: Normalisation = {
  why: 'jest writes how long it took, also beside the file, and an estimate',
  pattern: /^Time: .*\n|(?<=^(?:PASS|FAIL) .*) \([\d.]+ m?s\)$/gm,
  replacement: '',
};

export const vitestTime: Normalisation = {
  why: 'vitest writes when it started and how long each part took',
  pattern: /^ *(?:Start at|Duration) .*\n|(?<=^ *[✓❯×].*) \d+ms$/gm,
  replacement: '',
};

export const tapTime: Normalisation = {
  why: 'tap writes the time of each test and of all',
  pattern: /# time=[\d.]+m?s|^(\s*)(?:duration_ms|time): .*$/gm,
  replacement: '# time',
};

export const avaTime: Normalisation = {
  why: 'ava writes the time of a test that took more than 100 ms',
  pattern: /(?<=^ +[✔✘] .*) \([\d.]+m?s\)$/gm,
  replacement: '',
};

export const hooksThreadWarning: Normalisation = {
  why: 'the thread of the hooks may end before it has printed a warning of its own',
  pattern:
    /^\(node:PID\) \[DEP0180\] DeprecationWarning: .*\n(?:\(Use `node --trace-deprecation \.\.\.` .*\n)?/gm,
  replacement: '',
};

export const npmLog: Normalisation = {
  why: 'npm names its log by the time',
  pattern: /^npm (?:error|ERR!) A complete log of this run can be found in: .*$/gm,
  replacement: 'npm log',
};

export function normalised(text: string, normalisations: readonly Normalisation[]): string {
  return normalisations.reduce(
    (result, { pattern, replacement }) => result.replace(pattern, replacement),
    text,
  );
}
