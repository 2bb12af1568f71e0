import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { tree } from '../machine/tree.ts';

describe('the examples where nothing is installed', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'simul-examples-'));
    cpSync(join(tree, 'examples'), folder, { recursive: true });
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('compile without an error, also without Node’s types', () => {
    const tsc = join(tree, 'node_modules/typescript/bin/tsc');
    const checked = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' });
    assert.deepEqual([checked.status, checked.stdout], [0, ''], checked.stderr);
  });
});
