import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import {
  addLibraryTypes,
  type Resolution,
} from '../../../extension/typescript-plugin/resolve-library-types.ts';
import { tree } from '../../machine/tree.ts';

describe('the plugin of the TypeScript server', () => {
  let types = '';
  before(() => {
    types = mkdtempSync(join(tmpdir(), 'simul-types-'));
    mkdirSync(join(types, 'launch'));
    for (const name of ['index.d.ts', 'launch/index.d.ts']) writeFileSync(join(types, name), '');
  });
  after(() => rmSync(types, { recursive: true }));

  /** The resolved files, when TypeScript itself finds only those in `found`. */
  function resolveNames(names: readonly string[], found: Readonly<Record<string, string>>, folder = types) {
    const languageServiceHost = {
      resolveModuleNameLiterals: (literals: readonly { readonly text: string }[]): Resolution[] =>
        literals.map(({ text }) =>
          found[text] === undefined ? {} : { resolvedModule: { resolvedFileName: found[text] } },
        ),
    };
    const languageService = {};
    assert.equal(addLibraryTypes({ languageService, languageServiceHost }, folder), languageService);
    return languageServiceHost
      .resolveModuleNameLiterals(names.map((text) => ({ text })))
      .map(
        ({ resolvedModule }) =>
          (resolvedModule as { resolvedFileName?: string } | undefined)?.resolvedFileName,
      );
  }

  it('gives the library’s types where it is not installed, and nothing for other names', () => {
    assert.deepEqual(resolveNames(['simul', 'simul/trace', 'simul/other', 'x'], {}), [
      join(types, 'index.d.ts'),
      join(types, 'launch/index.d.ts'),
      undefined,
      undefined,
    ]);
  });

  it('leaves installed packages alone', () => {
    assert.deepEqual(resolveNames(['simul', 'x'], { simul: '/n/simul/i.d.ts', x: '/x.ts' }), [
      '/n/simul/i.d.ts',
      '/x.ts',
    ]);
  });

  it('gives nothing where the types are missing', () => {
    assert.deepEqual(resolveNames(['simul'], {}, join(types, 'none')), [undefined]);
  });

  it('knows the same declarations as package.json', () => {
    const { exports } = JSON.parse(readFileSync(join(tree, 'package.json'), 'utf8')) as {
      exports: Record<string, { types?: string }>;
    };
    const entries = Object.entries(exports).filter(([, { types: at }]) => at !== undefined);
    for (const [name, { types: at }] of entries)
      assert.deepEqual(resolveNames([name.replace(/^\./, 'simul')], {}, join(tree, 'dist/types')), [
        join(tree, at!),
      ]);
  });
});
