import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, before, describe, it } from 'mocha';
import { findSource } from '../../../runtime/parallel/functions/typescript-imports.ts';

describe('the source that an import of TypeScript means', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'simul-imports-'));
    mkdirSync(join(folder, 'lib'));
    for (const name of ['jobs.ts', 'view.tsx', 'more.mts', 'old.cts', 'plain.js', 'lib/index.ts'])
      writeFileSync(join(folder, name), '');
  });
  after(() => rmSync(folder, { recursive: true }));

  const rows: readonly (readonly [specifier: string, source: string | null])[] = [
    ['./jobs.js', 'jobs.ts'],
    ['./jobs', 'jobs.ts'],
    ['./view.js', 'view.tsx'],
    ['./view.jsx', 'view.tsx'],
    ['./more.mjs', 'more.mts'],
    ['./old.cjs', 'old.cts'],
    ['./plain', 'plain.js'],
    ['./lib', 'lib/index.ts'],
    ['./none.js', null],
    ['jobs', null],
    ['node:fs', null],
  ];
  for (const [specifier, source] of rows) {
    it(`is ${String(source)} for ${specifier}`, () => {
      const parent = pathToFileURL(join(folder, 'main.ts')).href;
      const found = source === null ? null : pathToFileURL(join(folder, source)).href;
      assert.equal(findSource(specifier, parent), found);
    });
  }

  it('is looked for in files of TypeScript alone', () => {
    assert.equal(findSource('./jobs', pathToFileURL(join(folder, 'main.js')).href), null);
    assert.equal(findSource('./jobs', undefined), null);
  });
});
