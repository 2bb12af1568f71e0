import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'mocha';
import { findsPytest, pythonTestCommand } from '../../../extension/session/python-test-command.ts';
import type { TitlePath } from '../../../extension/session/test-command.ts';
import { temporaryFolders } from '../../launch/part-writer.ts';

const folder = temporaryFolders();
const PLAIN = 'def test_a(): pass\n\nclass TestB:\n    def test_c(self): pass\n';
const CASES = `import unittest

class Orders(unittest.TestCase):
    def test_adds(self): pass
    def test_adds_more(self): self.fail('it should not run')

class Late(unittest.TestCase):
    def test_adds(self): self.fail('it should not run')
`;

function project(files: Readonly<Record<string, string>>): string {
  const at = folder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(at, name)), { recursive: true });
    writeFileSync(join(at, name), text);
  }
  return at;
}

interface Asked {
  readonly file?: string;
  readonly tests?: readonly TitlePath[];
  readonly onlyFailed?: boolean;
  readonly hasPytest?: boolean;
}

async function commandIn(at: string, text: string, asked: Asked = {}): Promise<string> {
  const { file = 'tests/test_a.py', tests = [], onlyFailed = false, hasPytest = true } = asked;
  const command = await pythonTestCommand({
    ...{ file: join(at, file), text, tests, onlyFailed },
    ...{ python: 'python3', workspace: at, hasPytest: () => Promise.resolve(hasPytest) },
  });
  if (typeof command === 'string') return command.replaceAll(at, '.');
  return `${command.cwd} ${command.runner}: ${command.args.join(' ')}`.replaceAll(at, '.');
}

describe('the command for a test of Python', () => {
  it('is pytest’s, with the test’s node id, and the file for all of its tests', async () => {
    const at = project({});
    assert.equal(
      await commandIn(at, PLAIN, { tests: [['TestB', 'test_c']] }),
      '. pytest: python3 -m pytest ./tests/test_a.py::TestB::test_c',
    );
    assert.equal(await commandIn(at, PLAIN), '. pytest: python3 -m pytest ./tests/test_a.py');
  });

  it('is for what failed the last time by pytest’s own list', async () => {
    assert.equal(
      await commandIn(project({}), PLAIN, { onlyFailed: true }),
      '. pytest: python3 -m pytest --lf --lfnf=none ./tests/test_a.py',
    );
  });

  it('runs where the project begins', async () => {
    const at = project({ 'shop/pyproject.toml': '' });
    assert.match(await commandIn(at, PLAIN, { file: 'shop/tests/test_a.py' }), /^\.\/shop pytest: /);
  });

  it('is unittest’s for a file of its classes, unless the project names pytest', async () => {
    const at = project({});
    assert.equal(
      await commandIn(at, CASES, { tests: [['Orders', 'test_adds']] }),
      '. unittest: python3 -m unittest discover -s ./tests -p test_a.py -k *.Orders.test_adds',
    );
    assert.match(await commandIn(at, CASES, { tests: [['Orders']] }), / -k \*\.Orders\.\*$/);
    assert.match(await commandIn(at, `import pytest\n${CASES}`), /pytest: /);
    const named = project({ 'pyproject.toml': '[tool.pytest.ini_options]\n' });
    assert.match(await commandIn(named, CASES), /pytest: /);
    assert.match(await commandIn(named, CASES, { hasPytest: false }), /unittest: /);
  });

  it('is a sentence where there is no pytest for tests that need it', async () => {
    assert.equal(
      await commandIn(project({}), PLAIN, { hasPytest: false }),
      'python3 does not find pytest, which runs the tests of ./tests/test_a.py',
    );
  });

  for (const [where, files] of [
    ['beside no package', {}],
    ['in a package', { 'tests/__init__.py': '', 'tests/sub/__init__.py': '' }],
  ] as const)
    it(`runs one test of unittest and no other, ${where}`, async () => {
      const file = 'tests/sub/test_a.py';
      const at = project({ ...files, [file]: CASES });
      const run = async (tests: readonly TitlePath[]) => {
        const command = await pythonTestCommand({
          ...{ file: join(at, file), text: CASES, tests, python: 'python3' },
          ...{ workspace: at, hasPytest: () => Promise.resolve(false) },
        });
        assert.ok(typeof command !== 'string');
        const [python = '', ...args] = command.args;
        return spawnSync(python, args, { cwd: command.cwd, encoding: 'utf8' });
      };
      const one = await run([['Orders', 'test_adds']]);
      assert.match(one.stderr, /Ran 1 test in [^]*OK/);
      assert.match((await run([['Orders']])).stderr, /Ran 2 tests in [^]*failures=1/);
      assert.match((await run([])).stderr, /Ran 3 tests in [^]*failures=2/);
    });

  it('asks the interpreter itself whether it has pytest', async () => {
    const at = project({ 'pytest/__init__.py': 'raise SystemExit(3)' });
    const env = { ...process.env, PYTHONPATH: '' };
    assert.equal(await findsPytest('python3', at, env), true, 'a package beside it is found, and not run');
    assert.equal(await findsPytest(join(at, 'python3'), at, env), false);
  });
});
