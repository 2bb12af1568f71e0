/** Which files reach the instrumentation, and as what kind of module. The programs are small. */
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { transformSync } from 'esbuild';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { instrumented, nodes, untraced } from '../run-program.ts';

interface Case {
  readonly title: string;
  readonly files: Readonly<Record<string, string>>;
  /** Names of the files that must run instrumented. */
  readonly seen: readonly string[];
  /** First Node that can run it untraced; it is not run on older ones. */
  readonly since?: number;
}

const ASYNC = 'const f = async (x) => await x; f(1).then(console.log);';

/** The first file is the entry. */
const cases: readonly Case[] = [
  {
    title: 'an entry without an extension',
    files: { entry: `${ASYNC} console.log(require.main === module)` },
    seen: ['entry'],
  },
  {
    title: 'a `.js` that its package declares a module',
    files: { 'entry.js': `${ASYNC} console.log(typeof require)`, 'package.json': '{"type":"module"}' },
    seen: ['entry.js'],
  },
  {
    title: 'a `.js` that only its text shows to be a module',
    files: { 'entry.js': `import fs from 'node:fs'; ${ASYNC} console.log(typeof fs, await f(2))` },
    seen: ['entry.js'],
    since: 22,
  },
  {
    title: 'a module that is required',
    files: {
      'entry.cjs': "console.log(Object.keys(require('./m.mjs')))",
      'm.mjs': `export const a = 1; ${ASYNC}`,
    },
    seen: ['m.mjs'],
    since: 24,
  },
  {
    title: 'CommonJS in a folder of modules, and modules beside it',
    files: {
      'entry.mjs':
        "import c from './c/c.js'; import { m } from './m.js'; console.log(await c(1), await m(2))",
      'm.js': 'export const m = async (x) => await x;',
      'package.json': '{"type":"module"}',
      'c/c.js': 'module.exports = async (x) => (await x) + typeof require;',
      'c/package.json': '{"type":"commonjs"}',
    },
    seen: ['entry.mjs', 'c.js', 'm.js'],
  },
  {
    title: 'a worker’s file, and the same module under two queries',
    files: {
      'entry.mjs':
        "import { Worker } from 'node:worker_threads'; await import('./m.mjs?1'); await import('./m.mjs?2');" +
        "new Worker(new URL('./w.cjs', import.meta.url)).on('message', console.log)",
      'm.mjs': "console.log(await 'm')",
      'w.cjs': "(async () => require('node:worker_threads').parentPort.postMessage(await 'w'))()",
    },
    seen: ['entry.mjs', 'm.mjs', 'w.cjs'].slice(0, 2),
  },
  {
    title: 'text with a byte order mark, Windows line ends and a hashbang',
    files: { 'entry.cjs': `\uFEFF#!/usr/bin/env node\r\n'use strict'\r\n${ASYNC}\r\n`.slice(1) },
    seen: ['entry.cjs'],
  },
  {
    title: 'an entry that imports from node_modules, and leaves that alone',
    files: {
      'entry.mjs': `import { a } from 'a'; ${ASYNC} console.log(await a())`,
      'node_modules/a/package.json': '{"type":"module","exports":"./i.js"}',
      'node_modules/a/i.js': 'export const a = async () => await 1;',
    },
    seen: ['entry.mjs'],
  },
];

describe('the loader', () => {
  let folder = '';
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'simul-loader-')));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function write(files: Case['files']): string {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    return join(folder, Object.keys(files)[0]!);
  }

  for (const [major, node] of nodes) {
    for (const { title, files, seen, since = 20 } of cases) {
      if (Number(major) < since) continue;
      it(`instruments ${title}, on Node ${major}`, async function () {
        this.timeout(30_000);
        const entry = write(files);
        const [plain, traced] = [await untraced(node, entry), await instrumented(node, entry)];
        deepEqual([traced.stdout, traced.stderr, traced.code], [plain.stdout, plain.stderr, plain.code]);
        equal(plain.code, 0);
        deepEqual(new Set(traced.seen.files.map((path) => basename(path))), new Set(seen));
      });
    }

    it(`runs the same from the cache, on Node ${major}`, async function () {
      this.timeout(30_000);
      const entry = write({
        'entry.mjs': `${ASYNC} console.log(new Error(await 'e').stack.includes(':1:94'))`,
      });
      const env = { CODE_CACHE: join(folder, 'cache') };
      const [plain, first, second] = [
        await untraced(node, entry),
        await instrumented(node, entry, env),
        await instrumented(node, entry, env),
      ];
      equal(first.stdout, plain.stdout);
      equal(second.stdout, plain.stdout);
      deepEqual(second.seen, first.seen);
    });

    it(`shows compiled code as its source, and its stacks as they were, on Node ${major}`, async function () {
      this.timeout(30_000);
      const source = [
        'interface Job { readonly name: string }',
        '',
        'export async function run(job: Job): Promise<string> {',
        '  await null;',
        "  throw new Error(await 'bad ' + job.name);",
        '}',
        "await run({ name: 'x' }).catch((error: Error) => console.log(error.stack!.split('\\n')[1]));",
        '',
      ].join('\n');
      const { code, map } = transformSync(source, {
        loader: 'ts',
        sourcemap: 'external',
        sourcefile: '../src/main.ts',
      });
      const entry = write({
        'dist/main.mjs': `${code}\n//# sourceMappingURL=main.mjs.map\n`,
        'dist/main.mjs.map': map,
        'src/main.ts': source,
      });
      const [plain, traced] = [await untraced(node, entry), await instrumented(node, entry)];
      equal(traced.stdout, plain.stdout);
      match(traced.stdout, /main\.mjs:\d+:\d+/);
      deepEqual(traced.seen.files, [join(folder, 'src/main.ts')]);
      const flags = { NODE_OPTIONS: '--enable-source-maps' };
      const [mapped, mappedTraced] = [
        await untraced(node, entry, flags),
        await instrumented(node, entry, flags),
      ];
      match(mapped.stdout, /src\/main\.ts:5:9/);
      ok(mappedTraced.stdout.includes('src/main.ts:5:9'), mappedTraced.stdout);
    });
  }
});
