/** `simul export` as it is typed: its exit statuses and what it says. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { tree } from '../../machine/tree.ts';
import { recordingIn } from '../export/recording.ts';
import { temporaryFolders } from '../part-writer.ts';

const folder = temporaryFolders();
const cli = join(tree, 'dist/cli.js');

function exportIn(at: string, ...args: readonly string[]): { status: number | null; said: string } {
  const { status, stderr } = spawnSync(process.execPath, [cli, 'export', ...args], {
    cwd: at,
    encoding: 'utf8',
  });
  return { status, said: stderr };
}

describe('simul export', () => {
  it('writes a file for each viewer and says where to open it', () => {
    const at = recordingIn(folder());
    const perfetto = exportIn(at, '.', '--format', 'perfetto');
    assert.match(perfetto.said, /^simul: saved as trace\.pftrace \(\d+ bytes\), for ui\.perfetto\.dev\n$/);
    const speedscope = exportIn(at, '.', '--format=speedscope', '--out', 'a.json');
    assert.match(speedscope.said, /^simul: saved as a\.json \(\d+ bytes\), for speedscope\.app\n$/);
    assert.deepEqual(
      readdirSync(at)
        .filter((name) => !name.endsWith('.part'))
        .sort(),
      ['a.json', 'trace.pftrace'],
    );
  });

  it('tells what cannot be read, cannot be written and is not understood apart', () => {
    const at = recordingIn(folder());
    assert.equal(exportIn(at, 'missing', '--format', 'perfetto').status, 66);
    assert.equal(exportIn(at, '.', '--format', 'perfetto', '--out', 'none/a').status, 73);
    const { status, said } = exportIn(at, '.', '--format', 'chrome');
    assert.equal(status, 2);
    assert.match(said, /--format takes perfetto or speedscope; it got "chrome"/);
  });
});
