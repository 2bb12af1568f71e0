/** Whose work ships, and that its licence ships with it. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, it } from 'mocha';
import { tree } from '../../machine/tree.ts';

// A script of the build: no compiler sees it.
const { noticesFor, packagesOf } = (await import(
  pathToFileURL(join(tree, 'extension/packaging/notices.mjs')).href
)) as {
  packagesOf(inputs: readonly string[]): readonly string[];
  noticesFor(inputs: readonly string[]): string;
};
const dist = join(tree, 'dist');

describe('the notices', () => {
  it('name every package of which a bundle holds code, and give its licence', () => {
    const notices = readFileSync(join(dist, 'NOTICES.txt'), 'utf8');
    // A development build says above each file where it comes from.
    const bundles = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.c?js$/.test(name),
    );
    const inputs = bundles.flatMap((name) =>
      [...readFileSync(join(dist, name), 'utf8').matchAll(/(?:^|\\n)\s*\/\/ (node_modules\/\S+)/gm)].map(
        ([, path]) => path!,
      ),
    );
    const packages = packagesOf(inputs);
    assert.ok(packages.includes('preact') && packages.includes('vscode-jsonrpc'), packages.join());
    for (const name of packages) {
      const notice = new RegExp(`^${name.replace('/', '\\/')} \\S+: \\S.*\\n[^]*?\\b(?:copyright|©)`, 'im');
      assert.match(notices, notice);
    }
  });

  it('cannot be made for a package without a licence text', () => {
    assert.throws(() => noticesFor(['node_modules/no-such-package/index.js']), /no-such-package/);
  });
});
