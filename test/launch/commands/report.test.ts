/** `simul report` as it is typed: its exit statuses and what it says. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { tree } from '../../machine/tree.ts';
import { begin, end, newPart, processEnd, temporaryFolders } from '../part-writer.ts';

const folder = temporaryFolders();
const cli = join(tree, 'dist/cli.js');

function report(at: string, ...args: readonly string[]): { status: number | null; said: string } {
  const { status, stderr, stdout } = spawnSync(process.execPath, [cli, 'report', ...args], {
    cwd: at,
    encoding: 'utf8',
  });
  assert.equal(stdout, '');
  return { status, said: stderr };
}

describe('simul report', () => {
  it('writes one page and says so in a sentence', () => {
    const at = folder();
    newPart(at).append(begin(1, 1), end(2, 1), processEnd(3));
    for (const args of [[], ['--redact'], ['--anonymous'], ['--last', '1']]) {
      const { status, said } = report(at, '.', '--out', 'page.html', ...args);
      assert.match(said, /^simul: saved as page\.html \(\d+ bytes\): any browser opens it, and .*\n$/);
      assert.equal(status, 0);
    }
    assert.equal(
      readdirSync(at)
        .filter((name) => !name.endsWith('.part'))
        .join(),
      'page.html',
    );
  });

  it('tells what cannot be read, cannot be written and is not understood apart', () => {
    const at = folder();
    writeFileSync(join(at, 'no.simul'), 'none');
    newPart(at).append(begin(1, 1), end(2, 1), processEnd(3));
    assert.equal(report(at, 'missing').status, 66);
    assert.equal(report(at, 'no.simul').status, 66);
    assert.equal(report(at, '.', '--out', 'none/page.html').status, 73);
    assert.equal(report(at).status, 2);
    assert.equal(report(at, '.', '--last', '0').status, 2);
  });
});
