/** The example of a workflow: its commands are read from the file and run as they stand. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { tree } from '../machine/tree.ts';

interface Step {
  readonly name?: string;
  readonly if?: string;
  readonly run?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Workflow {
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
}

const yaml = createRequire(import.meta.url)('js-yaml') as { load(text: string): unknown };
const workflow = yaml.load(readFileSync(join(tree, 'examples/github-actions.yml'), 'utf8')) as Workflow;
const { steps } = workflow.jobs['tests']!;

const HEALTHY = `
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
async function work() { await sleep(200); }
test('waits for it', async () => { await work(); });
`;
const FORGETFUL = HEALTHY.replace('await work()', 'work()');

describe('the example of a workflow', function () {
  this.timeout(120_000);
  let folder = '';

  before(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'simul-workflow-')));
    const npm = (args: readonly string[], cwd: string): void => {
      execFileSync('npm', args, { cwd, env: environment(), stdio: 'pipe' });
    };
    npm(['pack', '--ignore-scripts', '--pack-destination', folder], tree);
    const manifest = { name: 'shop', private: true, devDependencies: { simul: 'file:simul-0.1.0.tgz' } };
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
    npm(['install', '--package-lock-only'], folder);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** As a shell of the runner has it, without what this process was given. */
  function environment(): NodeJS.ProcessEnv {
    const { NODE_OPTIONS: _, NODE_TEST_CONTEXT: __, ...env } = process.env;
    return {
      ...env,
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_STEP_SUMMARY: join(folder, 'summary.md'),
      SIMUL_RECORDINGS: join(folder, 'recordings'),
      SIMUL_CACHE: join(folder, 'cache'),
      npm_config_offline: 'true',
      npm_config_audit: 'false',
      npm_config_fund: 'false',
    };
  }

  /** Runs the steps with a command, in order; those for a failure only after one. */
  function runSteps(tests: string): { ran: string[]; failed: string | null; output: string } {
    writeFileSync(join(folder, 'orders.test.mjs'), tests);
    for (const name of ['simul.sarif', 'tests.simul', 'simul-report.html', 'summary.md'])
      rmSync(join(folder, name), { force: true });
    const ran: string[] = [];
    let failed: string | null = null;
    let output = '';
    for (const step of steps) {
      if (step.run === undefined || (failed !== null) !== (step.if === 'failure()')) continue;
      const shell = spawnSync('bash', ['-e', '-o', 'pipefail', '-c', step.run], {
        cwd: folder,
        env: environment(),
        encoding: 'utf8',
      });
      ran.push(step.run);
      output += shell.stdout + shell.stderr;
      if (shell.status !== 0) failed ??= `${step.run}: ${shell.status}`;
    }
    return { ran, failed, output };
  }

  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

  it('succeeds with healthy tests, and says so', () => {
    const { ran, failed, output } = runSteps(HEALTHY);
    assert.equal(failed, null, output);
    assert.equal(ran.length, 2, ran.join('\n'));
    assert.match(output, /waits for it/);
    assert.match(output, /^simul: 1 test ran under trace; nothing was found\.$/m);
    assert.match(read('summary.md'), /nothing was found/i);
    const sarif = JSON.parse(read('simul.sarif')) as { runs: { results: unknown[] }[] };
    assert.deepEqual(sarif.runs[0]!.results, []);
  });

  it('fails with a test that forgets its work: summary, annotation, SARIF and a page tell where', () => {
    const { ran, failed, output } = runSteps(FORGETFUL);
    assert.match(failed ?? '', /^npx simul test .*: 3$/, output);
    assert.equal(ran.length, 3, 'the page is made after a failure');
    assert.match(read('summary.md'), /waits for it/);
    assert.match(output, /^::warning file=orders\.test\.mjs,line=5/m);
    assert.match(read('simul.sarif'), /"orders\.test\.mjs"/);
    assert.match(read('simul-report.html'), /id="trace"/);
  });

  it('hands over the files that its commands write', () => {
    const written = runSteps(FORGETFUL).output;
    for (const { with: inputs = {} } of steps)
      for (const path of [inputs['sarif_file'], inputs['path']])
        if (typeof path === 'string') assert.ok(existsSync(join(folder, path)), `${path}\n${written}`);
  });
});
