import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { runScriptLine, scriptAt, scriptsIn } from '../../../extension/session/package-scripts.ts';
import { temporaryFolders } from '../../launch/part-writer.ts';

const folder = temporaryFolders();

const MANIFEST = `{
  "name": "scripts",
  "config": { "scripts": { "inner": "no" } },
  "scripts": {
    "dev": "node --watch app.js",
    "a \\"b\\"": "x", "test": "vitest run"
  },
  "files": ["scripts"]
}`;

describe('the scripts of a package.json', () => {
  it('are those of the object itself, each with its line and command', () => {
    assert.deepEqual(scriptsIn(MANIFEST), [
      { name: 'dev', line: 4, command: 'node --watch app.js' },
      { name: 'a "b"', line: 5, command: 'x' },
      { name: 'test', line: 5, command: 'vitest run' },
    ]);
  });

  it('are found as far as an unfinished text goes', () => {
    assert.deepEqual(
      scriptsIn('{"scripts": {"dev": "node", "te').map(({ name }) => name),
      ['dev'],
    );
    assert.deepEqual(scriptsIn('[] nothing {'), []);
  });

  it('are found by a line', () => {
    assert.equal(scriptAt(MANIFEST, 4)?.name, 'dev');
    assert.equal(scriptAt(MANIFEST, 1), undefined);
  });

  it('are run by the package manager whose lock file is there', () => {
    const at = folder();
    assert.equal(runScriptLine(at, 'dev:all'), 'npm run dev:all');
    assert.equal(runScriptLine(at, 'a "b" $c'), 'npm run "a \\"b\\" \\$c"');
    writeFileSync(join(at, 'yarn.lock'), '');
    assert.equal(runScriptLine(at, 'dev'), 'yarn run dev');
    writeFileSync(join(at, 'pnpm-lock.yaml'), '');
    assert.equal(runScriptLine(at, 'dev'), 'pnpm run dev');
  });
});
