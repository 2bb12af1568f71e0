import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { ownCommandLine, quoteForShell } from '../../../runtime/launch/commands/own-command-line.ts';
import { temporaryFolders } from '../part-writer.ts';

const folder = temporaryFolders();

describe('the command that a person is told to type', () => {
  it('is simul where a shell finds it, else the script as it can be called from here', () => {
    const bin = join(folder(), 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'simul'), '', { mode: 0o755 });
    const call = (script: string, env: Record<string, string> = {}): string =>
      ownCommandLine({ script, cwd: '/home/me/app', env: { PATH: '/nowhere', ...env }, platform: 'linux' });
    assert.deepEqual(
      [
        call(join(bin, 'simul'), { PATH: `/nowhere:${bin}` }),
        call('/opt/simul/dist/cli.js', { PATH: `/nowhere:${bin}` }),
        call('/opt/my simul/dist/cli.js'),
        call('/home/me/app/dist/cli.js', { npm_command: 'exec' }),
        call('/home/me/app/node_modules/.bin/simul'),
        call('/home/me/app/node_modules/.bin/simul', { npm_command: 'exec' }),
      ],
      [
        'simul',
        'node /opt/simul/dist/cli.js',
        "node '/opt/my simul/dist/cli.js'",
        'node dist/cli.js',
        'node node_modules/.bin/simul',
        'npx simul',
      ],
    );
  });

  it('quotes a path that a shell would split', () => {
    assert.deepEqual(
      ['a.simul', "it's here", '-x', '$(rm)'].map((path) => quoteForShell(path, 'linux')),
      ['a.simul', "'it'\\''s here'", "'-x'", "'$(rm)'"],
    );
    assert.equal(quoteForShell('C:\\my files\\a', 'win32'), '"C:\\my files\\a"');
  });
});
