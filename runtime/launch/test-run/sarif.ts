/**
 * Findings as SARIF 2.1.0 (OASIS), as code scanning reads them. A finding with tasks has one code
 * flow with a thread flow for each task; `executionOrder` tells their steps in the order of time.
 */
import { RULES } from '../../trace/findings/registry.ts';
import { LEAKED_TASK } from './leaked-tasks.ts';
import type { Place, TestFinding, TestRun, TestStep } from './test-findings.ts';

const DESCRIPTIONS = new Map([
  ...RULES.map(({ name, description }) => [name, description] as const),
  [LEAKED_TASK, 'A task went on after the test that began it had ended.'] as const,
]);

/** @param version of Simul */
export function makeSarif({ findings }: TestRun, version: string): object {
  const rules = [...new Set(findings.map(({ rule }) => rule))].sort();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Simul',
            version,
            rules: rules.map((id) => ({ id, shortDescription: { text: DESCRIPTIONS.get(id) || id } })),
          },
        },
        originalUriBaseIds: { SRCROOT: { description: { text: 'The folder of the run.' } } },
        results: findings.map((finding) => resultOf(finding, rules)),
      },
    ],
  };
}

function resultOf(
  { rule, severity, words, test, place, steps }: TestFinding,
  rules: readonly string[],
): object {
  const text = test === '' ? words : `In "${test}": ${words}`;
  return {
    ruleId: rule,
    ruleIndex: rules.indexOf(rule),
    level: severity === 'info' ? 'note' : severity,
    message: { text },
    locations: place === null ? [] : [locationOf(place)],
    ...(steps.length === 0 ? {} : { codeFlows: [{ threadFlows: threadFlowsOf(steps) }] }),
  };
}

function threadFlowsOf(steps: readonly TestStep[]): object[] {
  const tasks = [...new Set(steps.map(({ task }) => task))];
  return tasks.map((id) => ({
    id,
    locations: steps
      .filter(({ task }) => task === id)
      .map(({ words, place, order }) => ({
        location: { ...locationOf(place), message: { text: words } },
        executionOrder: order,
      })),
  }));
}

function locationOf({ file, line, column }: Place): object {
  const isBelow = !file.startsWith('/') && !/^[A-Za-z]:/.test(file);
  return {
    physicalLocation: {
      artifactLocation: {
        uri: isBelow ? encodeURI(file) : `file://${file.startsWith('/') ? '' : '/'}${encodeURI(file)}`,
        ...(isBelow ? { uriBaseId: 'SRCROOT' } : {}),
      },
      region: { startLine: Math.max(1, line), startColumn: column },
    },
  };
}
