/**
 * Runs programs with a known fault, and some without one, under trace:
 *
 *   npm run corpus [-- FOLDER…] [--only=NAME,…]
 *
 * It prints each first answer beside what it lacks, then per rule how many of its faults are found
 * (recall) and how often it speaks of none (false), then the share of right first answers. A case
 * that cannot run here is said, and not counted as right.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Case, casesOf } from './cases.ts';
import { falseAlarms, judge } from './judge.ts';
import { packagesFor } from './packages.ts';
import { runCase } from './run-case.ts';
import { startServers } from './servers.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string' } },
});
if (positionals.length === 0) {
  console.error('npm run corpus -- FOLDER…: the folder with the cases is missing');
  process.exit(2);
}
const only = values.only?.split(',');
const folders = positionals.map((folder) => resolve(folder));
const cases = folders
  .flatMap(casesOf)
  .filter(({ name }) => only?.some((part) => name.includes(part)) ?? true);
const packages = await packagesFor(folders);
const servers = await startServers(cases.map(({ folder }) => folder));

interface RuleCounts {
  cases: number;
  found: number;
  alarms: number;
}
const rules = new Map<string, RuleCounts>();
const countsOf = (rule: string): RuleCounts => {
  const counts = rules.get(rule) ?? { cases: 0, found: 0, alarms: 0 };
  rules.set(rule, counts);
  return counts;
};
let counted = 0;
let right = 0;
let notRun = 0;

try {
  for (const each of cases) await runAndReport(each);
} finally {
  await servers.stop();
}

console.log('\nrule                     found       of   false');
for (const [rule, { cases: all, found, alarms }] of [...rules].sort(([a], [b]) => (a < b ? -1 : 1)))
  console.log(
    `${rule.padEnd(22)} ${String(found).padStart(7)} ${String(all).padStart(8)} ${String(alarms).padStart(7)}`,
  );
console.log(`\nfirst answer right: ${right} of ${counted}${notRun === 0 ? '' : `, ${notRun} not run`}`);

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
    const { answers, trouble } = await runCase(each, scratch, packages);
    if (trouble !== null) console.log(`   ${name}: ${trouble}`);
    if (truth === null) {
      const alarms = falseAlarms(answers);
      for (const { rule } of alarms) countsOf(rule).alarms++;
      console.log(`${alarms.length === 0 ? '✔' : '✘'}  ${name}`);
      for (const { rule, severity, words } of alarms) console.log(`     ${severity} ${rule}: ${words}`);
      return;
    }
    const { first, isRight, isFound, lacks } = judge(truth, answers);
    if (!truth.isCounted) return console.log(`   ${name}: not counted`);
    counted++;
    countsOf(truth.rule).cases++;
    if (isFound) countsOf(truth.rule).found++;
    if (isRight) right++;
    console.log(`${isRight ? '✔' : '✘'}  ${name}: ${first || 'no answer'}`);
    if (!isRight) console.log(`     lacks ${lacks.join(', ')}`);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
