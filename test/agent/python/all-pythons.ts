/**
 * `npm run test:pythons [-- --grep=WORDS]`: the tests of the agent for Python on each interpreter
 * that is there: those of pyenv, and those that SIMUL_PYTHONS names, with colons between. It says
 * which versions were not there.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { tree } from '../../machine/tree.ts';

const VERSIONS: readonly string[] = ['3.8', '3.9', '3.10', '3.11', '3.12', '3.13', '3.14'];
const grep = process.argv.slice(2).find((arg) => arg.startsWith('--grep='));

/** "3.11" of an interpreter; '': it is none. */
function versionOf(path: string): string {
  const question = 'import sys; print("%d.%d" % sys.version_info[:2])';
  return spawnSync(path, ['-c', question], { encoding: 'utf8' }).stdout?.trim() ?? '';
}

function findPythons(): Map<string, string> {
  const pyenv = join(process.env['PYENV_ROOT'] ?? join(homedir(), '.pyenv'), 'versions');
  const installed = existsSync(pyenv)
    ? readdirSync(pyenv).map((name) => join(pyenv, name, 'bin', 'python'))
    : [];
  const named = (process.env['SIMUL_PYTHONS'] ?? '').split(delimiter).filter((path) => path !== '');
  const found = new Map<string, string>();
  for (const path of [...named, ...installed, 'python3']) {
    const version = versionOf(path);
    if (VERSIONS.includes(version) && !found.has(version)) found.set(version, path);
  }
  return found;
}

const found = findPythons();
const files = readdirSync(join(tree, 'build/test/agent/python'))
  .filter((name) => name.endsWith('.test.js'))
  .map((name) => join(tree, 'build/test/agent/python', name));
let failed = 0;
for (const version of VERSIONS) {
  const python = found.get(version);
  if (python === undefined) continue;
  console.log(`\n━━ Python ${version}: ${python}`);
  const mocha = join(tree, 'node_modules/mocha/bin/mocha.js');
  const options = ['--timeout', '60000', '--reporter', 'dot', ...(grep === undefined ? [] : [grep])];
  const { status } = spawnSync(process.execPath, [mocha, ...options, ...files], {
    stdio: 'inherit',
    cwd: tree,
    env: { ...process.env, SIMUL_PYTHON: python },
  });
  if (status !== 0) failed++;
}
const missing = VERSIONS.filter((version) => !found.has(version));
console.log(`\n${found.size - failed} passed, ${failed} failed`);
if (missing.length > 0)
  console.log(`not run, since they are not on this machine: Python ${missing.join(', ')}`);
process.exitCode = failed > 0 || found.size === 0 ? 1 : 0;
