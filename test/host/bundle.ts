/**
 * Bundles test/host/suite/*.test.ts into the one CommonJS script that the extension host loads.
 * Two modules stay outside: mocha is found in node_modules above build/, vscode is the host's own.
 */

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { tree } from '../machine/tree.ts';

export async function bundleHostSuite(): Promise<string> {
  const sources = join(tree, 'test/host');
  const folder = join(sources, 'suite');
  const files = existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith('.test.ts'))
        .sort()
    : [];
  if (files.length === 0) throw new Error('test/host/suite holds no *.test.ts');
  const outfile = join(tree, 'build/host-suite.cjs');
  await build({
    stdin: {
      contents: `
        import { runInHost } from './suite-runner.ts';
        export const run = () => runInHost(() => {
          ${files.map((name) => `require(${JSON.stringify(`./suite/${name}`)});`).join('\n')}
        });`,
      resolveDir: sources,
      loader: 'ts',
    },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  return outfile;
}
