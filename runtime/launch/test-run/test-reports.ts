/**
 * The findings of a traced run of tests, for a terminal, for a step summary in Markdown, and as
 * annotations of GitHub Actions (docs.github.com, workflow commands).
 */
import type { Severity } from '../../trace/findings/finding.ts';
import { count } from '../../trace/words/duration.ts';
import type { Place, TestFinding, TestRun } from './test-findings.ts';

const SAID: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' };
const NO_TEST = 'not of a single test';

/** Lines without their ends. */
export function terminalLines({ tests, findings }: TestRun): string[] {
  const seen = describeTests(tests);
  if (findings.length === 0) return [`${seen}; nothing was found.`];
  const concerned = new Set(findings.map(({ test }) => test).filter((test) => test !== ''));
  const head = `${seen}; ${count(findings.length, 'finding')} in ${count(concerned.size, 'test')}:`;
  return [head, ...byTest(findings).flatMap(([test, own]) => [titleOf(test, own), ...own.map(lineOf)])];
}

export function markdownSummary(run: TestRun): string {
  const { tests, findings } = run;
  const rows = findings.map(
    ({ severity, rule, test, place, words }) =>
      `| ${SAID[severity]} | ${rule} | ${escapeMarkdown(test || NO_TEST)} | ${escapeMarkdown(at(place))} | ${escapeMarkdown(words)} |`,
  );
  const verdict = findings.length === 0 ? 'Nothing was found.' : `${count(findings.length, 'finding')}.`;
  return [
    '### Simul: what the tests did at once',
    '',
    `${describeTests(tests)}. ${verdict}`,
    ...(rows.length === 0 ? [] : ['', '| | rule | test | line | what |', '|---|---|---|---|---|', ...rows]),
    '',
  ].join('\n');
}

/** `::warning file=…,line=…,title=…::words` */
export function annotations({ findings }: TestRun): string[] {
  return findings.map(({ severity, rule, test, place, words }) => {
    const where = place === null ? [] : [`file=${property(place.file)}`, `line=${place.line}`];
    const title = `title=${property(test === '' ? rule : `${rule} in ${test}`)}`;
    return `::${severity === 'info' ? 'notice' : severity} ${[...where, title].join(',')}::${data(words)}`;
  });
}

/** Tests of Python without a coroutine of their own are no tasks, and not counted. */
const describeTests = (tests: number): string =>
  tests === 0 ? 'The tests ran under trace' : `${count(tests, 'test')} ran under trace`;

function byTest(findings: readonly TestFinding[]): readonly (readonly [string, readonly TestFinding[]])[] {
  const groups = new Map<string, TestFinding[]>();
  for (const finding of findings) {
    const group = groups.get(finding.test);
    if (group === undefined) groups.set(finding.test, [finding]);
    else group.push(finding);
  }
  return [...groups];
}

const titleOf = (test: string, [first]: readonly TestFinding[]): string =>
  test === '' ? `  ${NO_TEST}` : `  ${test} (${at(first?.testPlace ?? null)})`;

const lineOf = ({ severity, rule, words, place }: TestFinding): string =>
  `    ${SAID[severity]} ${rule}${place === null ? '' : ` at ${at(place)}`}: ${words}`;

const at = (place: Place | null): string => (place === null ? '' : `${place.file}:${place.line}`);

/** What a text of a program says is text: no markup, and no end of a table's cell. */
const escapeMarkdown = (text: string): string =>
  text.replace(/[\\`*_[\]<>|~#&!]/g, (sign) =>
    sign === '<' ? '&lt;' : sign === '&' ? '&amp;' : `\\${sign}`,
  );

const data = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
