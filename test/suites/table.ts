/** What was found of the suites, in words and as a table. */
import type { Depth, Run } from './run-suite.ts';
import type { Suite } from './suite.ts';
import type { Traced } from './traced.ts';

export interface Outcome {
  readonly suite: Suite;
  /** A run a round; null: something is not there. */
  readonly runs: Readonly<Record<Depth, readonly Run[]>> | null;
  readonly missing?: string;
}

/**
 * - `empty`: no test passed untraced; `unsteady`: its rounds end differently untraced.
 * - `untraced`: a run that ought to be traced left no record.
 * - `unseen`: it ends the same, but the trace has nothing of its own code, and neither it nor the
 *   suite's row says why; or the row says so of code that is seen.
 */
export type Verdict = 'missing' | 'empty' | 'unsteady' | 'differs' | 'untraced' | 'unseen' | 'same';

const MAX_TROUBLES = 3;
const TRACED = ['full', 'light'] as const;

const isEqual = (a: Run, b: Run): boolean =>
  a.passed === b.passed && a.failed === b.failed && a.status === b.status && a.text === b.text;

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? NaN;

function verdictOf({ suite, runs }: Outcome): Verdict {
  if (runs === null) return 'missing';
  const [plain, ...others] = runs.none;
  if (plain === undefined || plain.passed === 0) return 'empty';
  if (!others.every((run) => isEqual(plain, run))) return 'unsteady';
  const traced = TRACED.flatMap((depth) => runs[depth]);
  if (!traced.every((run) => isEqual(plain, run))) return 'differs';
  if (traced.some((run) => run.traced?.records === 0)) return 'untraced';
  const isSeen = traced.every((run) => run.traced !== null && run.traced.tasks + run.traced.named > 0);
  return traced.length === 0 || isSeen === (suite.unseen === undefined) ? 'same' : 'unseen';
}

const counts = ({ passed, failed, status }: Run): string =>
  `${passed} passed, ${failed} failed, status ${status ?? 'none'}`;

function ratioOf(runs: NonNullable<Outcome['runs']>, depth: Depth): string {
  const ratios = runs[depth].map(({ cpuMs }, round) => cpuMs / runs.none[round]!.cpuMs);
  return ratios.length === 0 ? '–' : median(ratios).toFixed(2);
}

const sum = (runs: readonly Run[], of: 'lost' | 'records' | 'problems'): number =>
  runs.reduce((total, { traced }) => total + (traced?.[of] ?? 0), 0);

/** A suite, as soon as it has run. */
export function describe(outcome: Outcome): { readonly verdict: Verdict; readonly lines: string[] } {
  const verdict = verdictOf(outcome);
  const { suite, runs } = outcome;
  if (runs === null)
    return { verdict, lines: [`missing   ${suite.name}: ${outcome.missing ?? 'it did not run'}`] };
  const lines = [`${verdict.padEnd(9)} ${suite.name}`];
  for (const depth of ['none', ...TRACED] as const) {
    for (const run of runs[depth]) {
      const { traced } = run;
      const seconds = `${(run.cpuMs / 1000).toFixed(1)} s of CPU`;
      lines.push(`    ${depth === 'none' ? 'untraced' : depth}: ${counts(run)}, ${seconds}`);
      if (traced === null) continue;
      const { files, tasks, waits, records, lost, problems } = traced;
      lines.push(
        `      own code: ${tasks} tasks, ${waits} waits in ${files} files; ${records} records, ` +
          `${lost} lost, ${problems} problems`,
      );
      for (const trouble of traced.troubles.slice(0, MAX_TROUBLES)) lines.push(`      ${trouble}`);
    }
  }
  return { verdict, lines };
}

function describeOwn({ files, tasks, waits, named }: Traced): string {
  if (tasks > 0) return `${tasks} tasks, ${waits} waits in ${files} ${files === 1 ? 'file' : 'files'}`;
  return named > 0 ? `the trace says why not (${named} files)` : 'nothing';
}

const runBy = ({ language, node }: Suite): string =>
  language === 'python' ? 'Python' : `Node ${node ?? 20}`;

/** All of them, in Markdown. */
export function tableOf(outcomes: readonly Outcome[]): {
  readonly lines: string[];
  readonly hasFailed: boolean;
} {
  const lines = [
    '| suite | run by | cases | untraced | full | light | verdict | CPU full | CPU light | own code | lost |',
    '|---|---|---|---|---|---|---|---|---|---|---|',
  ];
  let cases = 0;
  const byVerdict = new Map<Verdict, number>();
  for (const outcome of outcomes) {
    const verdict = verdictOf(outcome);
    byVerdict.set(verdict, (byVerdict.get(verdict) ?? 0) + 1);
    const { suite, runs } = outcome;
    if (runs === null) {
      lines.push(`| ${suite.name} | | | | | | missing | | | | |`);
      continue;
    }
    const plain = runs.none[0]!;
    const own = runs.full[0]?.traced ?? runs.light[0]?.traced;
    if (verdict === 'same') cases += plain.passed + plain.failed;
    const seen = own === undefined || own === null ? '–' : (suite.unseen ?? describeOwn(own));
    const traced = [...runs.full, ...runs.light];
    const of = (run: Run | undefined): string =>
      run === undefined ? '–' : `${run.passed}${run.failed > 0 ? ` (${run.failed} fail)` : ''}`;
    lines.push(
      `| ${suite.name} | ${runBy(suite)} | ${plain.passed + plain.failed} | ${of(plain)} | ` +
        `${of(runs.full[0])} | ${of(runs.light[0])} | ${verdict} | ${ratioOf(runs, 'full')} | ` +
        `${ratioOf(runs, 'light')} | ${seen} | ${sum(traced, 'lost')} of ${sum(traced, 'records')} |`,
    );
  }
  const told = [...byVerdict].map(([verdict, count]) => `${count} ${verdict}`).join(', ');
  lines.push('', `${outcomes.length} suites: ${told}. ${cases} cases with the same results.`);
  return { lines, hasFailed: outcomes.some((outcome) => !['same', 'missing'].includes(verdictOf(outcome))) };
}
