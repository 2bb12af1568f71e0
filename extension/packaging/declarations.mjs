/**
 * Readies the library's declarations for the programs of others. The compiler writes them beside
 * each other, one a source file; here
 *
 *   what no entry reaches is removed
 *   what only `@types/node` or `lib: dom` declare is declared by the library itself, so that it
 *   compiles with `lib: es2022` alone, and together with either
 *   a copy with `.d.cts` is made, for programs that load the library by `require`
 */
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** Of each type some members, as others declare them: interfaces of one name become one. */
const GLOBALS = `/**
 * What the declarations name and a program's \`lib\` may lack. With \`@types/node\` or \`lib: dom\` each is one
 * with theirs.
 */
/// <reference lib="esnext.disposable" />
interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: any;
}
interface URL {
  href: string;
}
`;

/**
 * @param {string} folder of the declarations
 * @param {readonly string[]} entries their paths in it
 * @param {string} nodeTypes the text of the file that declares NodeJS.Signals
 */
export function finishDeclarations(folder, entries, nodeTypes) {
  const reached = new Set();
  for (const entry of entries) reach(join(folder, entry), reached);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && !reached.has(path)) rmSync(path);
  }
  const signals = signalNames(nodeTypes);
  for (const path of reached) {
    const text = withSignals(readFileSync(path, 'utf8'), signals);
    const isEntry = entries.some((entry) => join(folder, entry) === path);
    const globals = relative(dirname(path), join(folder, 'globals.d.ts')).replaceAll('\\', '/');
    const head = isEntry ? `/// <reference path="${globals.startsWith('.') ? '' : './'}${globals}" />\n` : '';
    writeFileSync(path, head + text);
    writeFileSync(path.replace(/\.ts$/, '.cts'), asCommonJs(head + text));
  }
  writeFileSync(join(folder, 'globals.d.ts'), GLOBALS);
  writeFileSync(join(folder, 'globals.d.cts'), GLOBALS);
}

/** Adds the file, and all that it imports from other files. */
function reach(path, reached) {
  if (reached.has(path)) return;
  reached.add(path);
  for (const [, from] of readFileSync(path, 'utf8').matchAll(/(?:from|import\()\s*'(\.[^']*)\.ts'/g))
    reach(join(dirname(path), `${from}.d.ts`), reached);
}

function asCommonJs(text) {
  return text
    .replaceAll(/((?:from|import\()\s*'\.[^']*)\.ts'/g, "$1.cts'")
    .replaceAll(/(<reference path="[^"]*\.d)\.ts"/g, '$1.cts"');
}

/** The names as Node's declarations list them: the two types can then stand for each other. */
function signalNames(nodeTypes) {
  const listed = /type Signals =([^;]*);/.exec(nodeTypes)?.[1];
  if (listed === undefined) throw new Error('@types/node declares no NodeJS.Signals');
  return listed.replaceAll(/\s+/g, ' ').trim();
}

function withSignals(text, signals) {
  if (!text.includes('NodeJS.Signals')) return text;
  return `${text.replaceAll('NodeJS.Signals', 'SignalName')}/** As NodeJS.Signals. */\ntype SignalName = ${signals};\n`;
}
