import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { testCommand } from '../../../extension/session/test-command.ts';
import { temporaryFolders } from '../../launch/part-writer.ts';

const folder = temporaryFolders();

function project(manifest: object, ...installed: readonly string[]): string {
  const at = folder();
  writeFileSync(join(at, 'package.json'), JSON.stringify(manifest));
  for (const name of installed) {
    const own = join(at, 'node_modules', name);
    mkdirSync(own, { recursive: true });
    writeFileSync(join(own, 'package.json'), JSON.stringify({ bin: { [name]: './bin.mjs' } }));
  }
  mkdirSync(join(at, 'src'));
  return at;
}

/** The arguments behind the runner's script, and which runner it is. */
function commandIn(
  at: string,
  text: string,
  tests: readonly (readonly string[])[],
  report: { readonly reportFile?: string } = {},
): string {
  const command = testCommand({ file: join(at, 'src/a.test.ts'), text, tests, ...report }, 'node');
  if (typeof command === 'string') return command.replaceAll(at, '.');
  assert.equal(command.cwd, at);
  return [command.runner, ...command.args].join(' ').replaceAll(at, '.');
}

describe('the command for a test', () => {
  const one = [['orders', 'adds (1)']];

  it('is of the runner that the file imports', () => {
    const at = project({}, 'vitest', 'mocha', 'jest');
    assert.equal(
      commandIn(at, `import { it } from 'vitest';`, one),
      'vitest node ./node_modules/vitest/bin.mjs run ./src/a.test.ts -t ^\\s*orders adds \\(1\\)$',
    );
    assert.equal(
      commandIn(at, `import { it } from 'mocha';`, one),
      'mocha node ./node_modules/mocha/bin.mjs ./src/a.test.ts --grep ^orders adds \\(1\\)$',
    );
    assert.equal(
      commandIn(at, `import { it } from '@jest/globals';`, one),
      'jest node ./node_modules/jest/bin.mjs --runTestsByPath ./src/a.test.ts -t ^orders adds \\(1\\)$',
    );
    assert.equal(
      commandIn(at, `import test from 'node:test';`, one),
      'node:test node --test-name-pattern=^adds \\(1\\)$ ./src/a.test.ts',
    );
  });

  it('is of the runner that the package names, where the file imports none', () => {
    const at = project({ devDependencies: { jest: '1' } }, 'mocha', 'jest');
    assert.match(commandIn(at, '', one), /^jest /);
    const named = project({ scripts: { test: 'mocha build' } }, 'mocha');
    assert.match(commandIn(named, '', one), /^mocha /);
  });

  it('is of all tests of the file without titles', () => {
    const at = project({}, 'vitest');
    assert.equal(
      commandIn(at, `import { it } from 'vitest';`, []),
      'vitest node ./node_modules/vitest/bin.mjs run ./src/a.test.ts',
    );
    assert.equal(commandIn(at, `import test from 'node:test';`, []), 'node:test node ./src/a.test.ts');
  });

  it('is of several tests by their full titles, of Node’s runner by their own', () => {
    const at = project({}, 'vitest', 'mocha', 'jest');
    const several = [...one, ['adds']];
    assert.match(
      commandIn(at, `import { it } from 'vitest';`, several),
      / -t \^\\s\*\(\?:orders adds \\\(1\\\)\|adds\)\$$/,
    );
    assert.match(
      commandIn(at, `from '@jest/globals'`, several),
      / -t \^\(\?:orders adds \\\(1\\\)\|adds\)\$$/,
    );
    assert.match(
      commandIn(at, `import 'node:test';`, several),
      / --test-name-pattern=\^adds \\\(1\\\)\$ --test-name-pattern=\^adds\$ /,
    );
  });

  it('writes a report where one is asked for, beside what it prints', () => {
    const at = project({}, 'vitest', 'mocha', 'jest');
    const report = { reportFile: '/r' };
    assert.match(
      commandIn(at, `import { it } from 'vitest';`, [], report),
      / --reporter=default --reporter=json --outputFile\.json=\/r$/,
    );
    assert.match(commandIn(at, `from '@jest/globals'`, [], report), / --json --outputFile=\/r$/);
    assert.match(
      commandIn(at, `import 'node:test';`, [], report),
      / --test-reporter=spec --test-reporter-destination=stdout --test-reporter=junit --test-reporter-destination=\/r /,
    );
    assert.doesNotMatch(commandIn(at, `import { it } from 'mocha';`, [], report), /\/r/);
  });

  it('is a sentence where there is no runner', () => {
    const at = project({}, 'jest');
    assert.equal(
      commandIn(at, `import { it } from 'vitest';`, one),
      'vitest is not installed beside ./src/a.test.ts',
    );
    assert.match(commandIn(at, '', one), /^no test runner was found beside/);
  });
});
