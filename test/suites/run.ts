/**
 * Runs other people's test suites untraced and traced, full and light, and compares:
 *
 *   npm run suites -- FOLDER [--only=NAME,…] [--depths=full,light] [--rounds=N] [--save=FOLDER]
 *
 * FOLDER holds checkouts (`suites.ts` says of what). A missing one is said, and not passed. With
 * `--depths=none` nothing is traced: more than one round then shows which suites are not steady.
 * The figures are CPU time of all processes, traced against untraced, the median of the rounds.
 * `--save` keeps every output; those of a suite that differs are kept in any case.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { findProgram } from '../machine/find-program.ts';
import { tree } from '../machine/tree.ts';
import { runShell, runSuite, suiteEnv, type Depth, type Run } from './run-suite.ts';
import type { Suite } from './suite.ts';
import { suites } from './suites.ts';
import { describe, type Outcome, tableOf } from './table.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string' },
    depths: { type: 'string', default: 'full,light' },
    rounds: { type: 'string', default: '1' },
    save: { type: 'string' },
  },
});
const [folder] = positionals;
if (folder === undefined) {
  console.error('npm run suites -- FOLDER: the folder with the checkouts is missing');
  process.exit(2);
}
const depths: Depth[] = ['none'];
for (const depth of values.depths.split(',')) if (depth === 'full' || depth === 'light') depths.push(depth);
const rounds = Number(values.rounds);
const only = values.only?.split(',');
const outputs = resolve(values.save ?? join(tmpdir(), 'simul-suites'));

/** A project of ours is copied beside the checkouts, where its packages are installed. */
function placeOf({ name, from, folder: ofSuite }: Suite): string {
  if (!('project' in from)) return join(resolve(folder!), ofSuite ?? name);
  const place = join(resolve(folder!), from.project);
  cpSync(join(tree, 'test/suites', from.project), place, { recursive: true });
  return place;
}

async function outcomeOf(suite: Suite): Promise<Outcome> {
  const place = placeOf(suite);
  if (!existsSync(place)) {
    return { suite, runs: null, missing: 'there is no checkout; test/suites/suites.ts says of what' };
  }
  const lacking = suite.needs?.filter((program) => findProgram([program]) === undefined) ?? [];
  if (lacking.length > 0) {
    return { suite, runs: null, missing: `${lacking.join(', ')} is not on this machine` };
  }
  if (!readdirSync(place).includes('node_modules')) {
    console.log(`${suite.name}: ${suite.install}`);
    const { status, output } = await runShell(suite.install, place, await suiteEnv(suite));
    if (status !== 0) console.log(output);
  }
  const runs: Record<Depth, Run[]> = { none: [], full: [], light: [] };
  for (let round = 0; round < rounds; round++) {
    for (const depth of depths) runs[depth].push(await runSuite(suite, place, depth));
  }
  return { suite, runs };
}

function saveOutputs({ suite, runs }: Outcome): void {
  if (runs === null) return;
  mkdirSync(outputs, { recursive: true });
  for (const depth of depths) {
    for (const [round, { output }] of runs[depth].entries()) {
      writeFileSync(join(outputs, `${suite.name}-${depth}-${round + 1}.txt`), output);
    }
  }
}

const outcomes: Outcome[] = [];
for (const suite of suites) {
  if (only !== undefined && !only.includes(suite.name)) continue;
  const outcome = await outcomeOf(suite);
  outcomes.push(outcome);
  const { verdict, lines } = describe(outcome);
  console.log(lines.join('\n'));
  if (values.save !== undefined || verdict !== 'same') saveOutputs(outcome);
}
const { lines, hasFailed } = tableOf(outcomes);
console.log(`\n${lines.join('\n')}`);
if (hasFailed) console.log(`Outputs of what is not the same: ${outputs}`);
process.exit(hasFailed ? 1 : 0);
