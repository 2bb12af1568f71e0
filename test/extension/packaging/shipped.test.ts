import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { checkShipped, shipped } from '../../../extension/packaging/shipped.ts';
import { tree } from '../../machine/tree.ts';

/** The files that a .vsix must hold, and no others. */
const required = [
  'package.json',
  'README.md',
  'LICENSE',
  ...[
    'extension.cjs',
    'web.cjs',
    'language-client.cjs',
    'server.cjs',
    'save-worker.cjs',
    'panel.js',
    'graph.js',
    'panel.css',
    'report.js',
    'report.css',
    'cli.js',
    'command-line.js',
    'agent/preload.cjs',
    'agent/agent.cjs',
    'agent/register.js',
    'agent/hooks.js',
    'agent/shipper.cjs',
    'agent/import-module.cjs',
    'agent/refuse.cjs',
    'agent/python/sitecustomize.py',
    'frames.js',
    'jobs.js',
    'index.js',
    'kinds.json',
    'NOTICES.txt',
    'library-ABCDEF12.js',
    'index.cjs',
    'frames.cjs',
    'jobs.cjs',
    'trace.cjs',
    'library.cjs',
    'parallel-worker.js',
    'trace.js',
    'types/index.d.ts',
    'types/index.d.cts',
  ].map((name) => `dist/${name}`),
  'node_modules/simul-typescript-plugin/index.js',
  'extension/findings/one-by-one.md',
  'media/pictures/finding.png',
];

describe('what ships', () => {
  it('may hold every file that the table allows', () => {
    const more = ['dist/agent/parser/parser.js', 'dist/agent/python/_simul/a.py', 'examples/a/b/c.ts'];
    assert.deepEqual(checkShipped('vsix', [...required, ...more]), []);
  });

  for (const unlisted of [
    'dist/extension.cjs.map',
    'dist/agent/deep/x.js',
    'runtime/trace/fold/fold.ts',
    'dist/agent/python/_simul/a.pyc',
    'runtime/agent/python/sitecustomize.py',
    'node_modules/preact/index.js',
    'test/run.ts',
    'dist/index.js.map',
    'dist/typescript-plugin/index.js',
    '.ci/run',
  ]) {
    it(`does not hold ${unlisted}`, () => {
      assert.deepEqual(checkShipped('vsix', [...required, unlisted]), [
        `${unlisted} should not ship: no row of extension/packaging/shipped.ts allows it`,
      ]);
    });
  }

  it('must hold what is required', () => {
    assert.deepEqual(
      checkShipped(
        'vsix',
        required.filter((name) => name !== 'dist/server.cjs'),
      ),
      ['dist/server.cjs is missing: the language server'],
    );
  });

  it('is allowed by the same rules in .vscodeignore', () => {
    const lines = readFileSync(join(tree, '.vscodeignore'), 'utf8').split('\n');
    const rules = lines.filter((line) => line !== '' && !line.startsWith('#'));
    assert.deepEqual(rules, [
      '**',
      ...shipped.filter((row) => row.in.includes('vsix') && row.added !== true).map((row) => `!${row.glob}`),
    ]);
  });
});
