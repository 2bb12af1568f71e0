/** Tests that vitest and jest run: each compiles and loads modules in its own way. */
import { jobsText, type ProgramOptions, programText } from './program.ts';
import type { Way } from './way.ts';

const BY_TEST = { SIMUL_BY_TEST: '1', CI: '1' };
const URL_OF_JOBS = "new URL('./jobs.js', import.meta.url)";

function vitest(name: string, language: 'js' | 'ts', nodeOptions: string, jobs = './jobs.js'): Way {
  const program: ProgramOptions = { language, modules: 'esm', jobs, door: URL_OF_JOBS };
  return {
    name,
    files: {
      'package.json': '{ "type": "module" }',
      [`main.${language}`]: programText(program),
      [`jobs.${language}`]: jobsText(program),
      'main.test.js': `
import { test } from 'vitest';
import { check } from './main.${language}';
test('answers', { timeout: 60_000 }, async () => void (await check()));`,
    },
    // Vitest compiles TypeScript in its main thread alone, and Node 20 does not by itself.
    expected: (node) =>
      node === 20 && language === 'ts' && nodeOptions === ''
        ? { exported: 'says', imported: 'says', door: 'says' }
        : {},
    run: (project, node) =>
      project.answers(node, [project.tool('vitest/vitest.mjs'), 'run', '--root', '.'], {
        ...BY_TEST,
        ...(nodeOptions === '' ? {} : { NODE_OPTIONS: nodeOptions }),
      }),
  };
}

function jest(name: string, modules: 'esm' | 'commonjs'): Way {
  const isEsm = modules === 'esm';
  const door = isEsm ? URL_OF_JOBS : "__dirname + '/jobs.js'";
  const program: ProgramOptions = { language: 'js', modules, jobs: './jobs.js', door };
  const load = isEsm ? "import { check } from './main.js';" : "const { check } = require('./main.js');";
  return {
    name,
    files: {
      'package.json': JSON.stringify({
        type: isEsm ? 'module' : 'commonjs',
        jest: { testEnvironment: 'node', transform: {} },
      }),
      'main.js': programText(program),
      'jobs.js': jobsText(program),
      'main.test.js': `${load}\ntest('answers', async () => void (await check()), 60_000);`,
    },
    run: (project, node) =>
      project.answers(
        node,
        [...(isEsm ? ['--experimental-vm-modules'] : []), project.tool('jest/bin/jest.js'), '--runInBand'],
        BY_TEST,
      ),
  };
}

export const runnerWays: readonly Way[] = [
  vitest('vitest, JavaScript', 'js', ''),
  vitest('vitest, TypeScript', 'ts', ''),
  vitest('vitest, TypeScript, imports without endings', 'ts', '', './jobs'),
  vitest('vitest, TypeScript, with NODE_OPTIONS=--import=tsx', 'ts', '--import=tsx'),
  jest('jest, CommonJS', 'commonjs'),
  jest('jest, ESM', 'esm'),
];
