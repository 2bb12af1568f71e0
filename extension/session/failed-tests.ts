/**
 * Which tests failed, as the report of their runner says: the JSON of vitest and jest, the XML of
 * Node's own runner (JUnit's). It reads what these write, and is no reader of XML.
 */
import type { RunnerName, TitlePath } from './test-command.ts';

/** Runners that write a report, besides pytest, which keeps a list of its own. */
export const REPORTING_RUNNERS: ReadonlySet<RunnerName> = new Set(['vitest', 'jest', 'node:test']);

/** null: this is no report of the runner's */
export function failedTests(runner: RunnerName, report: string): TitlePath[] | null {
  return runner === 'node:test' ? failedInXml(report) : failedInJson(report);
}

function failedInJson(report: string): TitlePath[] | null {
  const results = field(parsed(report), 'testResults');
  if (!Array.isArray(results)) return null;
  return results.flatMap((file) => {
    const tests = field(file, 'assertionResults');
    if (!Array.isArray(tests)) return [];
    return tests.flatMap((test: unknown) => {
      const [groups, title] = [field(test, 'ancestorTitles'), field(test, 'title')];
      if (field(test, 'status') !== 'failed' || !Array.isArray(groups) || typeof title !== 'string')
        return [];
      return [[...groups.filter((group) => typeof group === 'string' && group !== ''), title]];
    });
  });
}

/** A test with subtests is a group to JUnit, and the failed ones in it are listed. */
const CASE = /<testcase name="([^"]*)"(?:\s+[\w:-]+="[^"]*")*\s*(\/)?>(?=\s*<(\w+))/g;
/** Up to Node 24 these are escaped twice. */
const ESCAPED_TWICE = /&amp;(quot|#10);/g;

function failedInXml(report: string): TitlePath[] | null {
  if (!report.includes('<testsuites>')) return null;
  return [...report.matchAll(CASE)].flatMap(([, name = '', isEmpty, child]) =>
    isEmpty === undefined && child === 'failure' ? [[unescaped(name)]] : [],
  );
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

const unescaped = (text: string): string =>
  text
    .replace(ESCAPED_TWICE, '&$1;')
    .replace(/&(?:(\w+)|#(\d+)|#x([\da-f]+));/gi, (whole, name: string, decimal: string, hex: string) => {
      if (name !== undefined) return ENTITIES[name] ?? whole;
      return String.fromCodePoint(decimal === undefined ? parseInt(hex, 16) : Number(decimal));
    });

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
