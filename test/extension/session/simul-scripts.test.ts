/** The command `simul` of a traced terminal, run as its shell runs it. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { simulScripts } from '../../../extension/session/simul-scripts.ts';
import { temporaryFolders } from '../../launch/part-writer.ts';

const folder = temporaryFolders();

describe('the command of a traced terminal', () => {
  it('runs the command line untraced, with the options that were there before', function () {
    if (process.platform === 'win32') this.skip();
    const at = folder();
    const cli = join(at, "it's a cli.mjs");
    writeFileSync(
      cli,
      'const { NODE_OPTIONS, SIMUL_RECORDING } = process.env;' +
        'console.log(JSON.stringify([process.argv.slice(2), NODE_OPTIONS, SIMUL_RECORDING]));',
    );
    const script = simulScripts(process.execPath, cli).find(({ name }) => name === 'simul')!;
    writeFileSync(join(at, 'simul'), script.text);
    chmodSync(join(at, 'simul'), 0o755);
    const run = (env: Record<string, string>): unknown => {
      const { stdout } = spawnSync(join(at, 'simul'), ['why', 'a b'], {
        encoding: 'utf8',
        env: { PATH: process.env['PATH'], SIMUL_RECORDING: at, NODE_OPTIONS: '--no-such-option', ...env },
      });
      return JSON.parse(stdout) as unknown;
    };
    assert.deepEqual(run({}), [['why', 'a b'], '', null]);
    assert.deepEqual(run({ SIMUL_OUTER_NODE_OPTIONS: '--no-warnings' }), [
      ['why', 'a b'],
      '--no-warnings',
      null,
    ]);
  });
});
