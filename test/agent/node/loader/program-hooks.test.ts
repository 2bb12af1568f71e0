/**
 * A program's own hooks, and Node's own TypeScript: what they make of a file is what is
 * instrumented, and they never see what we made of it.
 */
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { describe, it } from 'mocha';
import { NODES, type Traced, traceProgram } from '../trace-program.ts';

interface Case {
  readonly title: string;
  /** The first file is the entry. */
  readonly files: Readonly<Record<string, string>>;
  /** Names of the files that must run instrumented. */
  readonly seen: readonly string[];
  /** First Node that can run it untraced. */
  readonly since?: number;
}

/** A hook's work: it says what it got, and replaces a word by a program. */
const CHANGE = `
  const PROGRAM = 'const f = async (x) => await x; f(new Error("e").stack.split("\\\\n")[1].replace(/.*:/, "")).then(console.log);';
  function change(text) {
    if (text.includes('.ent' + 'er(')) console.log('the hook was shown the instrument’s text');
    return text.replace('PROGRAM', PROGRAM);
  }`;
const MODULE_HOOK = `${CHANGE}
  export async function load(url, context, next) {
    const loaded = await next(url, context);
    if (!loaded.source || url.includes('entry')) return loaded;
    return { ...loaded, source: change(String(loaded.source)) };
  }`;
const REGISTER =
  "require('node:module').register('./hook.mjs', require('node:url').pathToFileURL(__filename));";
const REGISTER_HOOKS = `${CHANGE}
  require('node:module').registerHooks({ load(url, context, next) {
    const loaded = next(url, context);
    return loaded.source ? { ...loaded, source: change(String(loaded.source)) } : loaded;
  } });`;
const REQUIRE_HOOK = `${CHANGE}
  const handlers = require('node:module')._extensions;
  const former = handlers['.js'];
  handlers['.js'] = handlers['.odd'] = (loading, path) => {
    const compile = loading._compile;
    loading._compile = function (text, name) { return compile.call(this, change(text), name); };
    former(loading, path);
  };`;

const cases: readonly Case[] = [
  {
    title: 'a `require` hook',
    files: {
      'entry.cjs': `${REQUIRE_HOOK} require('./a.js'); require('./b.odd')`,
      'a.js': 'PROGRAM',
      'b.odd': 'PROGRAM',
    },
    seen: ['a.js'],
  },
  {
    title: 'a hook by `register`, for modules',
    files: { 'entry.cjs': `${REGISTER} import('./a.mjs')`, 'hook.mjs': MODULE_HOOK, 'a.mjs': 'PROGRAM' },
    seen: ['a.mjs'],
  },
  {
    title: 'two hooks by `register`, the second after a module was loaded',
    files: {
      'entry.cjs': `${REGISTER} import('./a.mjs').then(() => { ${REGISTER.replace('hook', 'hook2')} return import('./b.mjs'); })`,
      'hook.mjs': MODULE_HOOK,
      'hook2.mjs': MODULE_HOOK.replaceAll('PROGRAM', 'SECOND'),
      'a.mjs': 'PROGRAM',
      'b.mjs': 'PROGRAM; { SECOND }',
    },
    seen: ['a.mjs', 'b.mjs'],
  },
  {
    title: 'hooks by `registerHooks`, for `import` and `require`',
    files: {
      'entry.cjs': `${REGISTER_HOOKS} require('./a.cjs'); import('./b.mjs'); import('./c.cjs')`,
      'a.cjs': 'PROGRAM',
      'b.mjs': 'PROGRAM',
      'c.cjs': 'PROGRAM',
    },
    seen: ['a.cjs', 'b.mjs', 'c.cjs'],
    since: 24,
  },
  {
    title: 'a text that the program compiles by itself',
    files: {
      'entry.cjs':
        "const Module = require('node:module'); const path = require.resolve('./a.cjs');" +
        "new Module(path)._compile('(async () => console.log(await typeof require))()', path)",
      'a.cjs': '',
    },
    seen: ['a.cjs'],
  },
  {
    title: 'the code of a `data:` URL',
    files: { 'entry.cjs': "import('data:text/javascript,console.log(await 1)')" },
    seen: ['javascript,console.log(await 1)'],
    since: 22,
  },
  {
    title: 'types that Node removes by itself, in modules',
    files: { 'entry.mts': 'const f = async (x: number) => await x; console.log(await f(1))' },
    seen: ['entry.mts'],
    since: 24,
  },
  {
    title: 'types that Node removes by itself, in CommonJS, and a file that its text makes a module',
    files: {
      'entry.cts':
        "const f = async (x: number) => await x; f(1).then(console.log); require('./a.ts'); require('./b.ts')",
      'a.ts': 'const f = async (x: number) => await x; f(2).then(console.log);',
      'b.ts': 'export const f = async (x: number) => await x; f(3).then(console.log);',
    },
    seen: ['entry.cts', 'a.ts', 'b.ts'],
    since: 24,
  },
];

/** The files in which functions or modules with a top-level await were seen to begin. */
function filesSeen(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(/ site="([^"]*?):\d+:\d+ function /g)].map(([, file]) => file!));
}

/** What a program did, folder and process numbers left out. */
function shown({ stdout, stderr, code }: Traced): object {
  const plain = (text: string): string =>
    text.replaceAll(/[^\s"'(]*simul-traced-[^/]*\//g, '/').replaceAll(/\(node:\d+\)/g, '(node)');
  return { stdout: plain(stdout), stderr: plain(stderr), code };
}

describe('after the program’s own hooks, the loader', () => {
  for (const { name: node, path } of NODES) {
    for (const { title, files, seen, since = 20 } of cases) {
      if (Number(node.split(' ')[1]!.split('.')[0]) < since) continue;
      it(`instruments ${title}, on ${node}`, async function () {
        this.timeout(30_000);
        const [[name, source], ...others] = Object.entries(files) as [
          [string, string],
          ...[string, string][],
        ];
        const options = { node: path, name, files: Object.fromEntries(others), compiles: false };
        const plain = await traceProgram(source, { ...options, untraced: true });
        const traced = await traceProgram(source, options);
        deepEqual(shown(traced), shown(plain));
        equal(plain.code, 0, plain.stderr);
        const found = filesSeen(traced.recordings.join('\n'));
        for (const file of seen) ok(found.has(file), `${file} was not seen, only ${[...found].join(', ')}`);
      });
    }

    it(`leaves a program to Node that Node refuses, on ${node}`, async function () {
      this.timeout(30_000);
      const source = 'const x: number = 1; export default () => <a/>';
      const options = { node: path, name: 'entry.tsx', compiles: false };
      const plain = await traceProgram(source, { ...options, untraced: true });
      match(plain.stderr, /SyntaxError|ERR_UNKNOWN_FILE_EXTENSION/);
      deepEqual(shown(await traceProgram(source, options)), shown(plain));
    });
  }
});
