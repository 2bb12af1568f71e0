/**
 * Runs programs with a known fault, and some without one, under trace:
 *
 *   npm run corpus [-- FOLDER…] [--only=NAME,…] [--table]
 *
 * Without a folder: those of the project, in test/corpus/programs.
 * It prints each first answer beside what it lacks, then per rule how many of its faults are found
 * (recall), how often it was the first answer and right, and on how many programs without a fault
 * it speaks (false), then the share of right first answers. With `--table` it ends with the first
 * two sentences of each beside what a developer would do, as Markdown, to be judged by hand. A case
 * that cannot run here is said, and not counted as right.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Case, casesOf } from './cases.ts';
import { falseAlarms, firstSentences, judge } from './judge.ts';
import { tree } from '../machine/tree.ts';
import { packagesFor } from './packages.ts';
import { pythonPackagesFor } from './python-packages.ts';
import { runCase } from './run-case.ts';
import { startServers } from './servers.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string' }, table: { type: 'boolean' } },
});
const only = values.only?.split(',');
const folders =
  positionals.length > 0
    ? positionals.map((folder) => resolve(folder))
    : [join(tree, 'test/corpus/programs')];
const cases = folders
  .flatMap(casesOf)
  .filter(({ name }) => only?.some((part) => name.includes(part)) ?? true);
const healthyCount = cases.filter(({ truth }) => truth === null).length;
const packages = await packagesFor(folders);
const pythonPackages = await pythonPackagesFor(cases.map(({ folder }) => folder));
const servers = await startServers(cases.map(({ folder }) => folder));

interface RuleCounts {
  cases: number;
  found: number;
  right: number;
  alarms: number;
}
const rules = new Map<string, RuleCounts>();
const countsOf = (rule: string): RuleCounts => {
  const counts = rules.get(rule) ?? { cases: 0, found: 0, right: 0, alarms: 0 };
  rules.set(rule, counts);
  return counts;
};
let counted = 0;
let right = 0;
let notRun = 0;
const table: string[] = [];

try {
  for (const each of cases) await runAndReport(each);
} finally {
  await servers.stop();
}

console.log('\nrule                    recall     first    false');
for (const [rule, { cases: all, found, right: first, alarms }] of [...rules].sort(byName))
  console.log([rule.padEnd(20), ratio(found, all), ratio(first, all), ratio(alarms, healthyCount)].join(''));
console.log(`\nfirst answer right: ${right} of ${counted}${notRun === 0 ? '' : `, ${notRun} not run`}`);
if (values.table === true)
  console.log(`\n| case | said | mend | right |\n| --- | --- | --- | --- |\n${table.join('\n')}`);

function ratio(part: number, all: number): string {
  return `${part}/${all}`.padStart(10);
}

function byName([a]: [string, RuleCounts], [b]: [string, RuleCounts]): number {
  return a < b ? -1 : 1;
}

async function runAndReport(each: Case): Promise<void> {
  const { name, folder, truth } = each;
  const obstacle = servers.obstacleOf(folder);
  if (obstacle !== null) {
    notRun++;
    console.log(`-  ${name}: not run, ${obstacle}`);
    return;
  }
  const scratch = mkdtempSync(join(tmpdir(), 'simul-corpus-'));
  try {
    const { answers, trouble } = await runCase(each, scratch, packages, pythonPackages);
    if (trouble !== null) console.log(`   ${name}: ${trouble}`);
    if (truth === null) {
      const alarms = falseAlarms(answers);
      for (const rule of new Set(alarms.map((alarm) => alarm.rule))) countsOf(rule).alarms++;
      console.log(`${alarms.length === 0 ? '✔' : '✘'}  ${name}`);
      for (const { rule, severity, words } of alarms) console.log(`     ${severity} ${rule}: ${words}`);
      return;
    }
    const { first, isRight, isFound, lacks } = judge(truth, answers);
    if (!truth.isCounted) return console.log(`   ${name}: not counted`);
    counted++;
    countsOf(truth.rule).cases++;
    if (isFound) countsOf(truth.rule).found++;
    if (isRight) {
      right++;
      countsOf(truth.rule).right++;
    }
    console.log(`${isRight ? '✔' : '✘'}  ${name}: ${first || 'no answer'}`);
    if (!isRight) console.log(`     lacks ${lacks.join(', ')}`);
    const said = firstSentences(answers[0]?.words ?? '', 2).replaceAll('|', '\\|');
    table.push(`| ${name} | ${said} | ${truth.mend} | |`);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
