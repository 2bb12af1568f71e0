/** Runs the suites of a list, prints each as soon as it has run, then all as a table. */
import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { findProgram } from '../machine/find-program.ts';
import { tree } from '../machine/tree.ts';
import { runShell, runSuite, suiteEnv, VENV, type Depth, type Run } from './run-suite.ts';
import type { Suite } from './suite.ts';
import { describe, type Outcome, tableOf } from './table.ts';

export interface SuiteList {
  readonly suites: readonly Suite[];
  /** Of package.json. */
  readonly script: string;
  /** The file that says of what the checkouts are. */
  readonly file: string;
  /** With commas between. */
  readonly depths: string;
}

interface Choice {
  readonly folder: string;
  readonly file: string;
  readonly depths: readonly Depth[];
  readonly rounds: number;
}

/** @returns the exit status: 1 where a suite does not end the same, 2 where no folder is named */
export async function runSuites({ suites, script, file, depths: ofList }: SuiteList): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      only: { type: 'string' },
      depths: { type: 'string', default: ofList },
      rounds: { type: 'string', default: '1' },
      save: { type: 'string' },
    },
  });
  const [folder] = positionals;
  if (folder === undefined) {
    console.error(`npm run ${script} -- FOLDER: the folder with the checkouts is missing`);
    return 2;
  }
  const depths: Depth[] = ['none'];
  for (const depth of values.depths.split(',')) if (depth === 'full' || depth === 'light') depths.push(depth);
  const only = values.only?.split(',');
  const outputs = resolve(values.save ?? join(tmpdir(), 'simul-suites'));
  const choice: Choice = { folder: resolve(folder), file, depths, rounds: Number(values.rounds) };

  const outcomes: Outcome[] = [];
  for (const suite of suites) {
    if (only !== undefined && !only.includes(suite.name)) continue;
    const outcome = await outcomeOf(suite, choice);
    outcomes.push(outcome);
    const { verdict, lines } = describe(outcome);
    console.log(lines.join('\n'));
    if (values.save !== undefined || verdict !== 'same') saveOutputs(outcome, outputs);
  }
  const { lines, hasFailed } = tableOf(outcomes);
  console.log(`\n${lines.join('\n')}`);
  if (hasFailed) console.log(`Outputs of what is not the same: ${outputs}`);
  return hasFailed ? 1 : 0;
}

/** A project of ours is copied beside the checkouts, where its packages are installed. */
function placeOf({ name, from, folder: ofSuite }: Suite, folder: string): string {
  if (!('project' in from)) return join(folder, ofSuite ?? name);
  const place = join(folder, from.project);
  cpSync(join(tree, 'test/suites', from.project), place, { recursive: true });
  return place;
}

async function outcomeOf(suite: Suite, { folder, file, depths, rounds }: Choice): Promise<Outcome> {
  const place = placeOf(suite, folder);
  if (!existsSync(place)) {
    return { suite, runs: null, missing: `there is no checkout; ${file} says of what` };
  }
  const lacking = suite.needs?.filter((program) => findProgram([program]) === undefined) ?? [];
  if (lacking.length > 0) {
    return { suite, runs: null, missing: `${lacking.join(', ')} is not on this machine` };
  }
  if (!readdirSync(place).includes(suite.language === 'python' ? VENV : 'node_modules')) {
    console.log(`${suite.name}: ${suite.install}`);
    const { status, output } = await runShell(suite.install, place, await suiteEnv(suite, place));
    if (status !== 0) console.log(output);
  }
  const runs: Record<Depth, Run[]> = { none: [], full: [], light: [] };
  for (let round = 0; round < rounds; round++) {
    for (const depth of depths) runs[depth].push(await runSuite(suite, place, depth));
  }
  return { suite, runs };
}

function saveOutputs({ suite, runs }: Outcome, folder: string): void {
  if (runs === null) return;
  mkdirSync(folder, { recursive: true });
  for (const [depth, ofDepth] of Object.entries(runs)) {
    for (const [round, { output }] of ofDepth.entries()) {
      writeFileSync(join(folder, `${suite.name}-${depth}-${round + 1}.txt`), output);
    }
  }
}
