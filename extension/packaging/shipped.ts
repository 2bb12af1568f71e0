/**
 * What ships, and in which package: the packed .vsix and the npm package of the command line are
 * checked against this table; the library's own package is made from a part of it, see
 * library-package.mjs. A file that no row allows does not ship; a file that a row requires must be
 * there. `.vscodeignore` and `.npmignore` say the same to their tools, and a test compares them.
 */

export type Package = 'vsix' | 'npm';

export interface Shipped {
  /** A path, or a glob of `*` (within a folder) and `**` (any depth). */
  readonly glob: string;
  readonly in: readonly Package[];
  readonly required: boolean;
  readonly why: string;
  /** Added to the .vsix after vsce, which leaves `node_modules` out in any case. */
  readonly added?: true;
}

const both: readonly Package[] = ['vsix', 'npm'];

export const shipped: readonly Shipped[] = [
  { glob: 'package.json', in: both, required: true, why: 'the manifest' },
  { glob: 'README.md', in: both, required: true, why: 'the page a person reads first' },
  { glob: 'LICENSE', in: both, required: true, why: 'the licence' },
  { glob: 'CHANGELOG.md', in: both, required: false, why: 'what changed' },
  { glob: 'package.nls*.json', in: ['vsix'], required: false, why: 'the words of the manifest' },
  { glob: 'l10n/*.json', in: ['vsix'], required: false, why: 'the words of the extension' },
  { glob: 'dist/extension.cjs', in: ['vsix'], required: true, why: 'the extension' },
  { glob: 'dist/web.cjs', in: ['vsix'], required: true, why: 'the extension in a browser' },
  { glob: 'dist/language-client.cjs', in: ['vsix'], required: true, why: 'what speaks with it' },
  { glob: 'dist/server.cjs', in: ['vsix'], required: true, why: 'the language server' },
  { glob: 'dist/save-worker.cjs', in: ['vsix'], required: true, why: 'its thread that saves a trace' },
  { glob: 'dist/panel.js', in: both, required: true, why: 'the panel, with its worker inside' },
  { glob: 'dist/graph.js', in: both, required: true, why: 'the layout of the panel’s graphs' },
  { glob: 'dist/panel.css', in: both, required: true, why: "the panel's styles" },
  { glob: 'dist/report.js', in: both, required: true, why: 'the panel in a page of its own' },
  { glob: 'dist/report.css', in: both, required: true, why: 'the colours of that page' },
  { glob: 'dist/cli.js', in: both, required: true, why: 'starts a program under trace' },
  { glob: 'dist/command-line.js', in: both, required: true, why: 'the commands of the line above' },
  { glob: 'dist/agent/preload.cjs', in: both, required: true, why: 'what brings the instrument in' },
  { glob: 'dist/agent/agent.cjs', in: both, required: true, why: "what runs in the user's program" },
  { glob: 'dist/agent/register.js', in: both, required: true, why: 'the same, for `--import`' },
  { glob: 'dist/agent/hooks.js', in: both, required: true, why: "Node 20's thread of load hooks" },
  { glob: 'dist/agent/shipper.cjs', in: both, required: true, why: 'the helper thread' },
  { glob: 'dist/agent/import-module.cjs', in: both, required: true, why: '`import()` for the instrument' },
  { glob: 'dist/agent/refuse.cjs', in: both, required: true, why: 'says why it steps aside' },
  {
    glob: 'dist/agent/parser/*',
    in: both,
    required: false,
    why: "the loader's parser, as WebAssembly or native",
  },
  {
    glob: 'dist/kinds.json',
    in: both,
    required: true,
    why: 'the record kinds, for agents in other languages',
  },
  { glob: 'dist/NOTICES.txt', in: both, required: true, why: 'the licences of what others wrote' },
  { glob: 'dist/index.js', in: both, required: true, why: "the library's front door" },
  { glob: 'dist/jobs.js', in: both, required: true, why: 'queues of jobs' },
  { glob: 'dist/frames.js', in: both, required: true, why: 'Arrow tables in parallel' },
  { glob: 'dist/library-*.js', in: both, required: true, why: "what the library's entries share" },
  { glob: 'dist/index.cjs', in: both, required: true, why: "the library for `require('simul')`" },
  { glob: 'dist/frames.cjs', in: both, required: true, why: "the same for `require('simul/frames')`" },
  { glob: 'dist/jobs.cjs', in: both, required: true, why: "the same for `require('simul/jobs')`" },
  { glob: 'dist/trace.cjs', in: both, required: true, why: "the same for `require('simul/trace')`" },
  {
    glob: 'dist/library.cjs',
    in: both,
    required: true,
    why: 'the library where `require` loads no ES module, as in jest',
  },
  {
    glob: 'dist/parallel-worker.js',
    in: both,
    required: true,
    why: "what the library's threads and processes start with",
  },
  { glob: 'dist/trace.js', in: both, required: true, why: 'reads traces, beside the library' },
  { glob: 'dist/types/**/*.d.ts', in: both, required: true, why: "the library's types and documentation" },
  { glob: 'dist/types/**/*.d.cts', in: both, required: true, why: 'the same types for `require`' },
  {
    glob: 'node_modules/simul-typescript-plugin/*',
    in: ['vsix'],
    required: true,
    why: "the plugin of the editor's TypeScript server, where alone that looks",
    added: true,
  },
  { glob: 'dist/agent/python/**/*.py', in: both, required: true, why: 'the agent for Python' },
  { glob: 'media/icons/*', in: ['vsix'], required: false, why: 'icons that the manifest names' },
  { glob: 'extension/walkthrough/*', in: ['vsix'], required: false, why: 'the pages of the walkthrough' },
  { glob: 'extension/findings/*', in: ['vsix'], required: true, why: 'a page for each kind of finding' },
  { glob: 'media/pictures/*', in: ['vsix'], required: true, why: 'the pictures of the README' },
  {
    glob: 'extension/snippets/*.json',
    in: ['vsix'],
    required: false,
    why: 'snippets that the manifest names',
  },
  { glob: 'examples/**', in: both, required: false, why: 'programs to try it on' },
];

/** What is wrong with the files of a package, one sentence each. */
export function checkShipped(kind: Package, files: readonly string[]): string[] {
  const rows = shipped.filter((row) => row.in.includes(kind));
  const matchers = rows.map((row) => ({ row, matches: matcher(row.glob) }));
  const unlisted = files.filter((file) => !matchers.some(({ matches }) => matches(file)));
  const missing = matchers.filter(({ row, matches }) => row.required && !files.some(matches));
  return [
    ...unlisted.map((file) => `${file} should not ship: no row of extension/packaging/shipped.ts allows it`),
    ...missing.map(({ row }) => `${row.glob} is missing: ${row.why}`),
  ];
}

function matcher(glob: string): (file: string) => boolean {
  const source = glob
    .split(/(\*\*\/|\*\*|\*)/)
    .map((piece) => {
      if (piece === '**/') return '(?:.*/)?';
      if (piece === '**') return '.*';
      if (piece === '*') return '[^/]*';
      return piece.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
    })
    .join('');
  const pattern = new RegExp(`^${source}$`);
  return (file) => pattern.test(file);
}
