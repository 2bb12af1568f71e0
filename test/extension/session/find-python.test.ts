import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { activationOf, findPython, foldersUpTo } from '../../../extension/session/find-python.ts';

describe('the Python that runs the program', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'simul-find-python-'));
    writeFake('good/python3', 'echo Python 3.12.4');
    writeFake('only/python', 'echo Python 3.10.1');
    writeFake('old/python3', 'echo Python 3.7.16');
    writeFake('two/python', 'echo Python 2.7.18');
    writeFake('odd/python3', 'echo hello');
    mkdirSync(join(folder, 'empty'));
    writeFake('project/.venv/bin/python', 'echo Python 3.11.2');
    writeFileSync(join(folder, 'project/.venv/pyvenv.cfg'), 'home = /usr/bin\n');
    writeFake('project/part/venv/bin/python', 'echo Python 3.13.0');
    mkdirSync(join(folder, 'broken/.venv/bin'), { recursive: true });
    writeFileSync(join(folder, 'broken/.venv/pyvenv.cfg'), '');
    symlinkSync(join(folder, 'gone'), join(folder, 'broken/.venv/bin/python'));
  });
  after(() => rmSync(folder, { recursive: true }));

  function writeFake(path: string, line: string): void {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), `#!/bin/sh\n${line}\n`);
    chmodSync(join(folder, path), 0o755);
  }

  interface Search {
    readonly path?: readonly string[];
    readonly setting?: string;
    readonly chosen?: string;
    readonly folders?: readonly string[];
  }

  async function found({ path = [], setting = '', chosen, folders = [] }: Search): Promise<string> {
    const inside = (name: string): string => (name.startsWith('.') ? name : join(folder, name));
    const python = await findPython({
      chosen: chosen === undefined ? null : inside(chosen),
      setting,
      folders: folders.map(inside),
      env: { PATH: path.map(inside).join(delimiter) },
      platform: process.platform,
    });
    const words = python.found
      ? [python.path, python.version, ...(python.environment === null ? [] : ['in', python.environment])]
      : [python.words];
    return words.join(' ').replaceAll(folder, '…');
  }

  it('is the one that was chosen in the editor, before the setting and all others', async () => {
    const all = {
      chosen: 'only/python',
      setting: join(folder, 'good/python3'),
      folders: ['project'],
      path: ['good'],
    };
    assert.equal(await found(all), '…/only/python 3.10.1');
  });

  it('is the one that the setting names where none was chosen', async () => {
    const setting = join(folder, 'good/python3');
    assert.equal(await found({ setting, folders: ['project'], path: ['only'] }), '…/good/python3 3.12.4');
  });

  it('is that of the nearest virtual environment, by the link in it', async () => {
    assert.equal(
      await found({ folders: ['project/part', 'project'], path: ['good'] }),
      '…/project/.venv/bin/python 3.11.2 in …/project/.venv',
      'a folder venv without pyvenv.cfg is none',
    );
  });

  it('is python3 on the PATH, else python', async () => {
    assert.equal(await found({ path: ['empty', 'only', 'good'] }), '…/good/python3 3.12.4');
    assert.equal(await found({ path: ['empty', 'only'] }), '…/only/python 3.10.1');
  });

  it('is never taken from a relative folder', async () => {
    assert.match(await found({ path: ['.', './good'] }), /no python3 is on the PATH/);
    assert.equal(
      await found({ setting: 'python3', path: ['good'] }),
      'The setting simul.pythonPath must be an absolute path; it is "python3".',
    );
  });

  it('is refused when it is too old, whoever chose it', async () => {
    assert.equal(
      await found({ path: ['old'] }),
      'Simul needs Python 3.8 or newer to trace your program; …/old/python3 is 3.7.16. Choose another in the Python extension, or set simul.pythonPath.',
    );
    assert.equal(
      await found({ chosen: 'two/python' }),
      'Simul needs Python 3.8 or newer to trace your program; …/two/python is 2.7.18. Choose another there: Python: Select Interpreter.',
    );
  });

  it('is refused when it does not exist, does not answer, or an environment is broken', async () => {
    assert.equal(
      await found({ setting: join(folder, 'nowhere') }),
      '…/nowhere, set as simul.pythonPath, does not exist. Change the setting simul.pythonPath.',
    );
    assert.equal(
      await found({ chosen: 'odd/python3' }),
      '…/odd/python3, chosen in the Python extension, does not answer like Python when asked for its version. Choose another there: Python: Select Interpreter.',
    );
    assert.match(
      await found({ folders: ['broken'], path: ['good'] }),
      /^…\/broken\/\.venv\/bin\/python does not exist\./,
    );
  });

  it('is reported missing in one sentence that says what to do', async () => {
    assert.equal(
      await found({ path: ['empty'] }),
      'No Python was found: none is chosen in the Python extension, and no python3 is on the PATH. Install Python 3.8 or newer, or set simul.pythonPath.',
    );
  });

  it('is looked for from the folder of the file up to the workspace, and not above it', () => {
    assert.deepEqual(foldersUpTo('/w/a/b/c.py', '/w'), ['/w/a/b', '/w/a', '/w']);
    assert.deepEqual(foldersUpTo('/w/c.py', '/w'), ['/w']);
    assert.deepEqual(foldersUpTo('/other/a/c.py', '/w'), ['/other/a']);
    assert.deepEqual(foldersUpTo('/other/a/c.py', null), ['/other/a']);
  });

  it('finds the programs of its environment first', () => {
    assert.deepEqual(activationOf('/w/.venv', { PATH: '/usr/bin' }, 'linux'), {
      VIRTUAL_ENV: '/w/.venv',
      PATH: '/w/.venv/bin:/usr/bin',
    });
  });
});
