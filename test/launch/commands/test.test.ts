/** `simul test` with Node's own runner, as it is typed. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { tree } from '../../machine/tree.ts';
import { temporaryFolders } from '../part-writer.ts';

const folder = temporaryFolders();
const cli = join(tree, 'dist/cli.js');

const HEALTHY = `
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
async function work() { await sleep(200); }
test('waits for it', async () => { await work(); });
`;
const FORGETFUL = `${HEALTHY}
test('forgets it', async () => {
  work();
});
`;

function simulTest(
  at: string,
  source: string,
  ...options: readonly string[]
): { status: number | null; said: string } {
  const file = join(at, 'a.test.mjs');
  writeFileSync(file, source);
  const { status, stderr, stdout } = spawnSync(
    process.execPath,
    [cli, 'test', ...options, '--', process.execPath, file],
    {
      cwd: at,
      encoding: 'utf8',
      env: {
        ...process.env,
        SIMUL_RECORDINGS: join(at, 'recordings'),
        SIMUL_CACHE: join(at, 'cache'),
        GITHUB_STEP_SUMMARY: join(at, 'summary.md'),
        GITHUB_ACTIONS: 'true',
      },
    },
  );
  assert.match(stdout, /waits for it/, 'the output of the runner is its own');
  return { status, said: stderr };
}

describe('simul test', () => {
  it('says nothing was found of healthy tests, whatever is to fail', () => {
    const { status, said } = simulTest(folder(), HEALTHY, '--fail-on', 'warning');
    assert.match(said, /^simul: 1 test ran under trace; nothing was found\.$/m);
    assert.equal(status, 0);
  });

  it('says which test forgets its work, and fails where that was asked for', () => {
    const at = folder();
    const { status, said } = simulTest(at, FORGETFUL, '--sarif', 'a.sarif');
    assert.match(said, /^simul: 2 tests ran under trace; 1 finding in 1 test:$/m);
    assert.match(said, /^simul: {3}forgets it \(a\.test\.mjs:7\)$/m);
    assert.match(said, /^simul: {5}warning never-awaited at a\.test\.mjs:8: /m);
    assert.match(said, /^::warning file=a\.test\.mjs,line=8,title=never-awaited in forgets it::/m);
    assert.equal(status, 0);
    assert.match(
      readFileSync(join(at, 'summary.md'), 'utf8'),
      /\| warning \| never-awaited \| forgets it \|/,
    );
    const sarif = JSON.parse(readFileSync(join(at, 'a.sarif'), 'utf8')) as { runs: [{ results: object[] }] };
    assert.equal(sarif.runs[0].results.length, 1);
    assert.equal(simulTest(folder(), FORGETFUL, '--fail-on', 'never-awaited').status, 3);
    assert.equal(simulTest(folder(), FORGETFUL, '--fail-on', 'deadlock').status, 0);
  });

  it("ends as the runner does where its tests fail, and knows no rule that isn't one", () => {
    const failing = `${FORGETFUL}test('fails', () => { throw new Error('no'); });`;
    assert.equal(simulTest(folder(), failing, '--fail-on', 'never-awaited').status, 1);
    const { status, stderr } = spawnSync(
      process.execPath,
      [cli, 'test', '--fail-on', 'nothing', '--', 'node'],
      {
        encoding: 'utf8',
      },
    );
    assert.equal(status, 2);
    assert.match(stderr, /--fail-on takes warning, error or the name of a rule; it got "nothing"/);
  });
});
