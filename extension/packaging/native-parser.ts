/**
 * Puts a platform's native parser beside the WebAssembly one, for the per-platform .vsix.
 * This machine's own is in node_modules already; another's is fetched from the registry into
 * build/. The universal .vsix carries none: it runs everywhere, a few milliseconds a file slower.
 */

import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** VS Code's names for platforms, and what the parser's packages call them. */
const bindings: Readonly<Record<string, string>> = {
  'linux-x64': 'linux-x64-gnu',
  'linux-arm64': 'linux-arm64-gnu',
  'alpine-x64': 'linux-x64-musl',
  'alpine-arm64': 'linux-arm64-musl',
  'darwin-x64': 'darwin-x64',
  'darwin-arm64': 'darwin-arm64',
  'win32-x64': 'win32-x64-msvc',
  'win32-arm64': 'win32-arm64-msvc',
};

export const targets: readonly string[] = Object.keys(bindings);

/** Leaves exactly that platform's native files in dist/agent/parser; none for the universal package. */
export function placeNativeParser(root: string, target: string | undefined): void {
  const place = join(root, 'dist/agent/parser');
  mkdirSync(place, { recursive: true });
  for (const name of readdirSync(place)) if (name.endsWith('.node')) rmSync(join(place, name));
  if (target === undefined) return;
  const binding = bindings[target];
  if (binding === undefined) throw new Error(`target "${target}" is not one of ${targets.join(', ')}`);
  for (const tool of ['parser', 'transform']) {
    const folder = findBinding(root, `@oxc-${tool}/binding-${binding}`, versionOf(root, `oxc-${tool}`));
    const file = `${tool}.${binding}.node`;
    copyFileSync(join(folder, file), join(place, file));
  }
}

function versionOf(root: string, name: string): string {
  const manifest = readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

function findBinding(root: string, name: string, version: string): string {
  const installed = join(root, 'node_modules', name);
  if (existsSync(installed)) return installed;
  const prefix = join(root, 'build/native-parsers');
  const fetched = join(prefix, 'node_modules', name);
  if (!existsSync(fetched)) {
    mkdirSync(prefix, { recursive: true });
    // --force: npm refuses packages of another platform, which is the very thing that is wanted.
    const args = [
      'install',
      '--prefix',
      prefix,
      '--force',
      '--no-save',
      '--ignore-scripts',
      `${name}@${version}`,
    ];
    try {
      execFileSync('npm', args, { cwd: prefix, stdio: 'pipe', shell: process.platform === 'win32' });
    } catch (error) {
      const said = (error as { stderr?: Buffer }).stderr?.toString().trim() ?? String(error);
      throw new Error(`the native parser ${name}@${version} could not be had from the registry:\n${said}`);
    }
  }
  return fetched;
}
