/**
 * `npm run package` makes the universal .vsix; `npm run package -- --target linux-x64` a
 * platform's, with the native parser; `--out=path` says where. Then it asks the .vsix, and npm
 * for its own package, what they hold, and fails on a file that should not be there or is not.
 */

import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { placeNativeParser } from './native-parser.ts';
import { describePackage } from './describe-package.ts';
import { placeholderWarning, withLinks, type Manifest } from './links.ts';
import { checkShipped } from './shipped.ts';
import { addToZip, removeFromZip } from './zip-add.ts';
import { zipNames } from './zip-names.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest & {
  readonly name: string;
  readonly version: string;
};
const target = argument('target');
const suffix = target === undefined ? '' : `-${target}`;
const out = resolve(argument('out') ?? join(root, `${manifest.name}-${manifest.version}${suffix}.vsix`));

rmSync(out, { force: true });
try {
  placeNativeParser(root, target);
  makeVsix();
  fillLinks();
  addTypeScriptPlugin();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

const vsixFiles = zipNames(readFileSync(out))
  .filter((name) => name.startsWith('extension/'))
  .map((name) => asNamedInTree(name.slice('extension/'.length)));
const problems = [
  ...checkShipped('vsix', vsixFiles).map((problem) => `.vsix: ${problem}`),
  ...checkShipped('npm', npmFiles()).map((problem) => `npm package: ${problem}`),
];
console.log(`\n${out}\n${vsixFiles.map((file) => `  ${file}`).join('\n')}`);
const warning = placeholderWarning(manifest);
if (warning !== undefined) console.log(`\n${warning}`);
if (problems.length > 0) {
  rmSync(out);
  console.error(`\nNot packaged:\n${problems.map((problem) => `- ${problem}`).join('\n')}`);
  process.exitCode = 1;
} else console.log(`\n${describePackage(out, statSync(out).size, target)}`);

/** vsce runs the production build (`vscode:prepublish`) first. */
function makeVsix(): void {
  execFileSync(
    process.execPath,
    [
      join(root, 'node_modules/@vscode/vsce/vsce'),
      ...['package', '--no-dependencies', '--no-rewrite-relative-links', '--out', out],
      ...(target === undefined ? [] : ['--target', target]),
    ],
    { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] },
  );
}

/** The manifest that vsce packs is ours as it stands; the one that ships has more links. */
function fillLinks(): void {
  const path = 'extension/package.json';
  const filled = Buffer.from(`${JSON.stringify(withLinks(manifest), null, 2)}\n`);
  writeFileSync(out, addToZip(removeFromZip(readFileSync(out), path), new Map([[path, filled]])));
}

/**
 * The TypeScript server takes plugins only from `<extension>/node_modules`. vsce leaves that folder
 * out when there are no dependencies. With one, it would ask npm for the plugin, and the npm
 * package would depend on a folder that it does not hold.
 */
function addTypeScriptPlugin(): void {
  const plugin = { name: 'simul-typescript-plugin', version: manifest.version, main: './index.js' };
  const files = new Map([
    ['package.json', Buffer.from(`${JSON.stringify(plugin, null, 2)}\n`)],
    ['index.js', readFileSync(join(root, 'dist/typescript-plugin/index.js'))],
  ]);
  const named = [...files].map(
    ([name, bytes]) => [`extension/node_modules/${plugin.name}/${name}`, bytes] as const,
  );
  writeFileSync(out, addToZip(readFileSync(out), new Map(named)));
}

/** vsce renames three files on their way. */
function asNamedInTree(name: string): string {
  const renamed: Readonly<Record<string, string>> = {
    'readme.md': 'README.md',
    'changelog.md': 'CHANGELOG.md',
    'LICENSE.txt': 'LICENSE',
  };
  return renamed[name] ?? name;
}

/** What `npm pack` would put in, after the production build that vsce has just made. */
function npmFiles(): string[] {
  const text = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    shell: process.platform === 'win32',
  });
  // A list of packages in some versions of npm, an object by package name in others.
  const packed = Object.values(JSON.parse(text) as Record<string, { files: readonly { path: string }[] }>);
  return packed.flatMap(({ files }) => files.map(({ path }) => path));
}

function argument(name: string): string | undefined {
  const args = process.argv.slice(2);
  const at = args.indexOf(`--${name}`);
  if (at >= 0) return args[at + 1];
  return args.find((text) => text.startsWith(`--${name}=`))?.slice(name.length + 3);
}
