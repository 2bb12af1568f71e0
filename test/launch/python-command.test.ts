import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { isPython, optionAgainstTracing, pythonFor } from '../../runtime/launch/python-command.ts';

describe('the interpreter of a Python program', () => {
  it('is the one that --python names, else SIMUL_PYTHON, else python3', () => {
    assert.equal(pythonFor('/opt/py', { SIMUL_PYTHON: 'python3.12' }), '/opt/py');
    assert.equal(pythonFor(undefined, { SIMUL_PYTHON: 'python3.12' }), 'python3.12');
    if (process.platform !== 'win32') assert.equal(pythonFor(undefined, { SIMUL_PYTHON: '' }), 'python3');
  });

  it('is known by its name', () => {
    for (const name of ['python', 'python3', '/usr/bin/python3.12', 'python3.13t', 'python.exe'])
      assert.equal(isPython(name), true, name);
    for (const name of ['pytest', 'python-config', 'ipython', 'node', 'mypython3'])
      assert.equal(isPython(name), false, name);
  });
});

describe('an option that keeps Python from being traced', () => {
  const rows: readonly (readonly [string, string | null])[] = [
    ['python3 -I a.py', '-I'],
    ['python3 -E a.py', '-E'],
    ['python3 -u -S a.py', '-S'],
    ['python3 -uE a.py', '-E'],
    ['python3 -X dev -I a.py', '-I'],
    ['python3 -Xdev -Werror -I a.py', '-I'],
    ['python3 a.py -I', null],
    ['python3 -m pytest -E', null],
    ['python3 -c I -I', null],
    ['python3 -W I a.py', null],
    ['python3 -WE a.py', null],
    ['python3 - -I', null],
    ['python3', null],
    ['pytest -I', null],
  ];
  for (const [command, option] of rows)
    it(`is ${option ?? 'none'} in: ${command}`, () => {
      assert.equal(optionAgainstTracing(command.split(' ')), option);
    });
});
