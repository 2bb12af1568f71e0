/**
 * Puts a platform's native parser beside the WebAssembly one, for the .vsix of that platform. This
 * machine's parser is in node_modules; another platform's is fetched from the registry into build/.
 * The universal .vsix carries none: it runs everywhere, a few milliseconds slower for each file.
 */

import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** VS Code's names of platforms, and the names that the parser's packages use. */
const BINDINGS: Readonly<Record<string, string>> = {
  'linux-x64': 'linux-x64-gnu',
  'linux-arm64': 'linux-arm64-gnu',
  'alpine-x64': 'linux-x64-musl',
  'alpine-arm64': 'linux-arm64-musl',
  'darwin-x64': 'darwin-x64',
  'darwin-arm64': 'darwin-arm64',
  'win32-x64': 'win32-x64-msvc',
  'win32-arm64': 'win32-arm64-msvc',
};

export const TARGETS: readonly string[] = Object.keys(BINDINGS);

/**
 * Leaves exactly that platform's native files in dist/agent/parser.
 * @param target undefined: the universal package, which gets none
 */
export function placeNativeParser(root: string, target: string | undefined): void {
  const folder = join(root, 'dist/agent/parser');
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) if (name.endsWith('.node')) rmSync(join(folder, name));
  if (target === undefined) return;
  const binding = BINDINGS[target];
  if (binding === undefined) throw new Error(`target "${target}" is not one of ${TARGETS.join(', ')}`);
  for (const tool of ['parser', 'transform']) {
    const binary = findBinding(root, `@oxc-${tool}/binding-${binding}`, versionOf(root, `oxc-${tool}`));
    const file = `${tool}.${binding}.node`;
    copyFileSync(join(binary, file), join(folder, file));
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
    // Without --force npm refuses packages of another platform, and that is what is wanted here.
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
      const output = (error as { stderr?: Buffer }).stderr?.toString().trim() ?? String(error);
      throw new Error(
        `the native parser ${name}@${version} could not be installed from the registry:\n${output}`,
      );
    }
  }
  return fetched;
}
