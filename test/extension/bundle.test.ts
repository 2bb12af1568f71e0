/** What VS Code loads to activate the extension. Each file more is read and compiled in its way. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { tree } from '../machine/tree.ts';

describe("the extension's code", () => {
  it('is one file, which loads nothing but vscode and Node, and the language client later', () => {
    const code = readFileSync(join(tree, 'dist/extension.cjs'), 'utf8');
    const loaded = [...code.matchAll(/\b(?:require|import)\(\s*["']([^"']+)["']\s*\)/g)].map(
      ([, name]) => name!,
    );
    assert.ok(loaded.includes('vscode'));
    assert.deepEqual(
      loaded.filter((name) => name !== 'vscode' && !isBuiltin(name)),
      ['./language-client.cjs'],
    );
    // Where an `import()` stood: not when the file is loaded.
    // A microtask is too early as well: VS Code's own comes after it and ends the activation.
    assert.match(code, /setImmediate\(\(\)\s*=>\s*\{?\s*(?:void )?[\w$]+\.start\(\)/);
    assert.match(code, /resolve\(\)\.then\(\(\) => [^;]{0,60}require\("\.\/language-client\.cjs"\)/);
  });
});
