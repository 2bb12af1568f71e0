/**
 * Builds everything that runs outside the tests into dist/. One table says what goes in, what comes
 * out and where it runs: a new bundle is a new row.
 *
 *   node esbuild.mjs                  development build, with source maps
 *   node esbuild.mjs --production     minified, no source maps: what ships
 *   node esbuild.mjs --watch          builds again at each change
 *   node esbuild.mjs --allow-missing  names the rows without a source, and leaves them out
 *
 * It refuses to build a part: a missing source is an error, so that nothing ships incomplete.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chmod, copyFile, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { finishDeclarations } from './extension/packaging/declarations.mjs';
import { makeLibraryPackage } from './extension/packaging/library-package.mjs';
import { noticesFor } from './extension/packaging/notices.mjs';
import { writePythonAgent } from './extension/packaging/python-agent.mjs';
import { required, writeRequiredEntries } from './extension/packaging/required-entries.mjs';

const root = dirname(fileURLToPath(import.meta.url));
const flags = new Set(process.argv.slice(2));
const production = flags.has('--production');

/**
 * Names the code that makes instrumented texts, and what those call: texts that another build has
 * put into the cache are not taken for its own.
 */
// With the versions of the parser and the transformer.
const emitter = createHash('sha256').update(readFileSync(resolve(root, 'package.json')));
for (const folder of ['instrument', 'contract'])
  for (const name of readdirSync(resolve(root, 'runtime/agent/node', folder)).sort())
    emitter.update(`${name}\n`).update(readFileSync(resolve(root, 'runtime/agent/node', folder, name)));
const __simulEmitter = JSON.stringify(emitter.digest('hex').slice(0, 16));

/** Stands at the start of a bundle until its hash does (preload/agent-code.ts). */
const NO_HASH = '/*0000000000000000*/';

/** Names a bundle's content at its start, for what is kept of it between runs. */
const hashAtStart = {
  name: 'hash-at-start',
  setup(build) {
    build.onEnd(async ({ errors }) => {
      if (errors.length > 0) return;
      const file = resolve(root, build.initialOptions.outfile);
      const text = await readFile(file, 'utf8');
      const hash = createHash('sha256').update(text).digest('hex').slice(0, 16);
      await writeFile(
        file,
        text.replace(NO_HASH, () => `/*${hash}*/`),
      );
    });
  },
};

/**
 * `import.meta.url` as the library uses it. It is undefined where esbuild has made CommonJS of the
 * library in the user's bundle; what stands there instead is the bundle's own file.
 */
const MODULE_URL =
  'const simulUrl$ = import.meta.url ?? process.getBuiltinModule("node:url").pathToFileURL(' +
  'typeof __filename === "string" ? __filename : process.argv[1] ?? "simul").href;';

/** The extension loads the language client from a bundle of its own, after its activation. */
const clientApart = {
  name: 'client-apart',
  setup: (build) =>
    build.onResolve({ filter: /\/client-library\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './language-client.cjs', external: true } : undefined,
    ),
};

const commonJs = { platform: 'node', format: 'cjs', target: 'node20' };

/** How a bundle is built, by where it runs. */
const platforms = {
  /** The extension host and the language server: VS Code loads CommonJS. */
  host: {
    ...commonJs,
    external: ['vscode'],
    plugins: [clientApart],
    supported: { 'dynamic-import': false },
  },
  /** The extension host of a browser, a worker: CommonJS without Node. */
  web: { platform: 'browser', format: 'cjs', target: 'chrome128', external: ['vscode'] },
  /** The language server, with the parser that stands beside the agent. */
  server: {
    ...commonJs,
    define: { 'import.meta.url': '__simulUrl', __simulEmitter },
    banner: {
      js: 'const __simulUrl = require("node:url").pathToFileURL(__dirname + "/agent/agent.cjs").href;',
    },
  },
  /** In or beside the user's program. loader/find-binding.ts finds the parser at run time. */
  node: { platform: 'node', format: 'esm', target: 'node20', define: { __simulEmitter } },
  /**
   * The library: its entries are built together and share chunks, so that there is one scheduler.
   */
  library: {
    platform: 'node',
    format: 'esm',
    target: 'node20',
    splitting: true,
    chunkNames: 'library-[hash]',
    external: ['apache-arrow', 'bullmq'],
    banner: { js: MODULE_URL },
  },
  /** The library for what cannot load an ES module by `require`: jest. */
  requiredLibrary: {
    ...commonJs,
    external: ['apache-arrow', 'bullmq'],
    // Its workers start as those of the library beside it.
    define: { 'import.meta.url': 'simulUrl$' },
    banner: { js: 'const simulUrl$ = require("node:url").pathToFileURL(__dirname + "/frames.js").href;' },
  },
  /** The worker of the library as one script, for bundles in which its file is missing. */
  workerText: { ...commonJs, minify: true },
  /** As `node`, for a module that is loaded in the middle of a synchronous load. */
  required: commonJs,
  /** Nobody reads the names of its functions, and a round would name those that it makes. */
  helper: { ...commonJs, keepNames: false },
  /** The agent as `--require` loads it: CommonJS, which has no `import.meta`. */
  preload: {
    ...commonJs,
    external: ['oxc-parser', 'oxc-transform'],
    define: { 'import.meta.url': '__simulUrl', __simulEmitter },
    // Strings are ASCII, and no comment is read at each start.
    minifyWhitespace: true,
    // Strict, as the modules are: the directive must be the first statement.
    banner: {
      js: `${NO_HASH}"use strict";const __simulUrl = require('node:url').pathToFileURL(__filename).href;`,
    },
    plugins: [hashAtStart],
  },
  /**
   * What is loaded before it is known whether the instrument can run: the oldest Node that reads
   * NODE_OPTIONS, and the oldest that has what writing a refusal needs.
   */
  guard: {
    ...commonJs,
    target: 'node8',
    keepNames: false,
    external: ['./refuse.cjs'],
  },
  refusal: { platform: 'node', format: 'cjs', target: 'node12', keepNames: false },
  /** The panel's page: Chromium, one script that the content security policy admits by nonce. */
  page: {
    platform: 'browser',
    format: 'iife',
    target: 'chrome128',
    loader: { '.ttf': 'dataurl', '.svg': 'text' },
  },
};

const table = [
  // What VS Code loads: commands, sessions, the panel's host, the custom editor.
  { in: 'extension/extension.ts', out: 'dist/extension.cjs', runs: 'host' },
  // The same in a browser: it shows saved traces.
  { in: 'extension/web/web-extension.ts', out: 'dist/web.cjs', runs: 'web' },
  { in: 'extension/language-client/client-library.ts', out: 'dist/language-client.cjs', runs: 'host' },
  // What the editor's TypeScript server loads: it finds the library's types before the library is
  // installed. Packaging puts it into node_modules, the only folder where that server looks.
  {
    in: 'extension/typescript-plugin/plugin.ts',
    out: 'dist/typescript-plugin/index.js',
    runs: 'host',
    footer: 'module.exports = module.exports.plugin;',
  },
  // The language server, a process of its own.
  { in: 'extension/server/server.ts', out: 'dist/server.cjs', runs: 'server' },
  // Its thread that saves a trace.
  { in: 'extension/server/save-worker.ts', out: 'dist/save-worker.cjs', runs: 'server' },
  // The panel's page, with the worker (fold, columns, drawing) inside as text, and its styles.
  { in: 'media/page/main.tsx', out: 'dist/panel.js', runs: 'page' },
  // The layout of graphs, which the page loads with the first graph.
  { in: 'media/graph/main.ts', out: 'dist/graph.js', runs: 'page' },
  // The host's part of a page that stands alone, and the colours that VS Code would give it.
  { in: 'media/report/main.ts', out: 'dist/report.js', runs: 'page' },
  { in: 'media/styles/report.css', out: 'dist/report.css', runs: 'page' },
  { in: 'media/styles/panel.css', out: 'dist/panel.css', runs: 'page' },
  // The command line: start under trace, follow, save, explain.
  { in: 'runtime/launch/cli.ts', out: 'dist/cli.js', runs: 'node', shebang: true },
  { in: 'runtime/launch/command-line.ts', out: 'dist/command-line.js', runs: 'node' },
  // What `--import` brings into the user's program.
  { in: 'runtime/agent/node/register.ts', out: 'dist/agent/register.js', runs: 'node' },
  // The same for `--require`: a CommonJS program then starts as untraced, outside any microtask.
  { in: 'runtime/agent/node/preload/preload.ts', out: 'dist/agent/preload.cjs', runs: 'guard' },
  { in: 'runtime/agent/node/register.ts', out: 'dist/agent/agent.cjs', runs: 'preload' },
  // Says in the recording why the instrument steps aside.
  { in: 'runtime/agent/node/preload/refuse.ts', out: 'dist/agent/refuse.cjs', runs: 'refusal' },
  // `import()` for the bundle above.
  { in: 'runtime/agent/node/loader/import-module.ts', out: 'dist/agent/import-module.cjs', runs: 'required' },
  // Node 20 runs load hooks on a thread of their own; this is that thread.
  { in: 'runtime/agent/node/loader/hooks-thread.ts', out: 'dist/agent/hooks.js', runs: 'node' },
  // Loads the WebAssembly build of the parser, where there is no native one.
  { in: 'runtime/agent/node/loader/wasm-binding.ts', out: 'dist/agent/parser/wasm.cjs', runs: 'required' },
  // The helper thread that ships rings into part files.
  { in: 'runtime/recorder/shipper-thread.ts', out: 'dist/agent/shipper.cjs', runs: 'helper' },
  // The library's front door, `simul`.
  { in: 'runtime/index.ts', out: 'dist/index.js', runs: 'library' },
  // What the library's threads and processes are started with.
  { in: 'runtime/parallel/parallel-worker.ts', out: 'dist/parallel-worker.js', runs: 'library' },
  // Arrow tables in parallel, `simul/frames`.
  { in: 'runtime/parallel/frames/frames.ts', out: 'dist/frames.js', runs: 'library' },
  // Queues of jobs, `simul/jobs`.
  { in: 'runtime/jobs/jobs.ts', out: 'dist/jobs.js', runs: 'library' },
  // Reading traces, `simul/trace`.
  { in: 'runtime/launch/index.ts', out: 'dist/trace.js', runs: 'node' },
];

function requiredLibrary(workerText) {
  const loads = Object.entries(required).map(
    ([name, path]) => `exports.${name} = () => require('./${path}');`,
  );
  return {
    ...shared('requiredLibrary'),
    stdin: { contents: loads.join('\n'), resolveDir: root, sourcefile: 'library.cjs' },
    outfile: 'dist/library.cjs',
    plugins: [withWorkerText(workerText)],
  };
}

/** What is copied as it is: the parser for platforms without a native one. */
const copies = [
  { in: 'node_modules/oxc-parser/parser.wasm32-wasip1.wasm', out: 'dist/agent/parser/parser.wasm' },
  { in: 'node_modules/oxc-transform/transform.wasm32-wasip1.wasm', out: 'dist/agent/parser/transform.wasm' },
];

/** What went into bundles that other bundles hold as text. */
const workerInputs = new Set();

/** `import text from 'worker:../worker/main.ts'` gives that script as a string, bundled. */
const workerAsText = {
  name: 'worker-as-text',
  setup(build) {
    build.onResolve({ filter: /^worker:/ }, (args) => ({
      path: resolve(args.resolveDir, args.path.slice('worker:'.length)),
      namespace: 'worker',
    }));
    build.onLoad({ filter: /.*/, namespace: 'worker' }, async (args) => {
      const built = await esbuild.build({
        ...shared('page'),
        entryPoints: [args.path],
        write: false,
        metafile: true,
        sourcemap: false,
      });
      const inputs = Object.keys(built.metafile.inputs);
      for (const input of inputs) workerInputs.add(input);
      return {
        contents: built.outputFiles[0].text,
        loader: 'text',
        watchFiles: inputs.map((input) => resolve(root, input)),
      };
    });
  },
};

/**
 * Readies the library for the bundles of its users (transport/start-worker.ts): its worker is in it
 * as text, and `import.meta.url` stands only where a bundler looks for the worker's file, with the
 * path that this has in dist/.
 */
function withWorkerText(text) {
  const written = "new URL('../parallel-worker.js', import.meta.url)";
  return {
    name: 'with-worker-text',
    setup(build) {
      build.initialOptions.define = {
        ...build.initialOptions.define,
        __simulWorkerText: JSON.stringify(text),
      };
      build.onLoad({ filter: /[\\/]runtime[\\/].*\.ts$/ }, async ({ path }) => {
        const source = await readFile(path, 'utf8');
        if (!source.includes('import.meta.url')) return undefined;
        const [before, ...after] = source
          .split(written)
          .map((part) => part.replaceAll('import.meta.url', 'simulUrl$'));
        const contents = [before.replaceAll('`../${WORKER_ENTRY}`', '`./${WORKER_ENTRY}`'), ...after];
        return { contents: contents.join("new URL('./parallel-worker.js', import.meta.url)"), loader: 'ts' };
      });
    },
  };
}

/** The worker of the library, with everything that it needs. */
async function buildWorkerText() {
  const { outputFiles, metafile } = await esbuild.build({
    ...shared('workerText'),
    entryPoints: ['runtime/parallel/parallel-worker.ts'],
    define: { 'import.meta.url': '"file:///parallel-worker.js"' },
    minify: true,
    write: false,
    sourcemap: false,
  });
  for (const input of Object.keys(metafile.inputs)) workerInputs.add(input);
  return outputFiles[0].text;
}

function shared(runs) {
  return {
    absWorkingDir: root,
    bundle: true,
    minify: production,
    keepNames: runs !== 'page',
    ...platforms[runs],
    sourcemap: !production,
    // The whole texts stand in dist/NOTICES.txt.
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    define: {
      ...platforms[runs].define,
      'process.env.NODE_ENV': production ? '"production"' : '"development"',
    },
  };
}

/**
 * `dist/kinds.json`: the table of kinds for other languages. The bundled module is imported here
 * and its `kindsJson()` written, so that the JSON says what the source of this build says.
 */
const kindsAsJson = {
  name: 'kinds-as-json',
  setup(build) {
    build.onEnd(async ({ outputFiles }) => {
      if (!outputFiles?.length) return;
      const { kindsJson } = await import(
        `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`
      );
      const kinds = kindsJson();
      await writeFile(resolve(root, 'dist/kinds.json'), `${JSON.stringify(kinds, null, 1)}\n`);
      await writePythonAgent(root, kinds);
    });
  },
};

/** The builds: one for each row, one for all rows of the library, one for the table of kinds. */
function builds(rows, workerText) {
  const library = rows.filter((row) => row.runs === 'library');
  const entryPoints = library.map((row) => ({
    in: row.in,
    out: row.out.slice('dist/'.length, -'.js'.length),
  }));
  return [
    { ...shared('library'), entryPoints, outdir: 'dist', plugins: [withWorkerText(workerText)] },
    requiredLibrary(workerText),
    ...rows.filter((row) => row.runs !== 'library').map(options),
    {
      ...shared('node'),
      entryPoints: ['runtime/trace/format/kinds-json.ts'],
      write: false,
      sourcemap: false,
      plugins: [kindsAsJson],
    },
  ];
}

function options(row) {
  return {
    ...shared(row.runs),
    entryPoints: [row.in],
    outfile: row.out,
    plugins: [workerAsText, ...(platforms[row.runs].plugins ?? [])],
    ...(row.footer ? { footer: { js: row.footer } } : {}),
    ...(row.shebang ? { banner: { js: '#!/usr/bin/env node' } } : {}),
  };
}

/** Removes all files but the native parsers: packaging places those, then runs this build. */
async function clear(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.name.endsWith('.node'));
  await Promise.all(files.map((file) => rm(resolve(file.parentPath, file.name), { force: true })));
}

/**
 * Removes the library's shared chunks of earlier builds. A chunk is named after its content, so no
 * build overwrites a former one, and it would ship.
 */
async function removeFormerChunks(outputs) {
  const current = new Set(outputs.map((path) => path.slice('dist/'.length)));
  const files = await readdir(resolve(root, 'dist'));
  const former = files.filter((name) => /^library-\w+\.js(\.map)?$/.test(name) && !current.has(name));
  await Promise.all(former.map((name) => rm(resolve(root, 'dist', name), { force: true })));
}

/** Writes the library's declarations, for editors and compilers. `tsc -b` checks them. */
async function writeDeclarations() {
  await rm(resolve(root, 'dist/types'), { recursive: true, force: true });
  const tsc = resolve(root, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', 'runtime/tsconfig.types.json'], { cwd: root, stdio: 'inherit' });
  const entries = Object.values(required).map((path) =>
    path.slice('runtime/'.length).replace(/\.ts$/, '.d.ts'),
  );
  const nodeTypes = await readFile(resolve(root, 'node_modules/@types/node/process.d.ts'), 'utf8');
  finishDeclarations(resolve(root, 'dist/types'), entries, nodeTypes);
}

const missing = [...table, ...copies].filter((row) => !existsSync(resolve(root, row.in)));
for (const row of missing) console.error(`${row.in} does not exist, so ${row.out} is not built`);
if (missing.length > 0 && !flags.has('--allow-missing')) process.exit(1);
const rows = table.filter((row) => !missing.includes(row));

await mkdir(resolve(root, 'dist'), { recursive: true });
const workerText = await buildWorkerText();
if (flags.has('--watch')) {
  for (const build of builds(rows, workerText)) await (await esbuild.context(build)).watch();
} else {
  // What ships starts from nothing; a development build leaves files alone that may be in use.
  if (production) await clear(resolve(root, 'dist'));
  const built = await Promise.all(builds(rows, workerText).map((build) => esbuild.build(build)));
  const [library] = built;
  const inputs = [...built.flatMap(({ metafile }) => Object.keys(metafile.inputs)), ...workerInputs];
  await writeFile(resolve(root, 'dist/NOTICES.txt'), noticesFor(inputs));
  await removeFormerChunks(Object.keys(library.metafile.outputs));
  await writeDeclarations();
  await writeRequiredEntries(root);
  for (const row of rows) if (row.shebang) await chmod(resolve(root, row.out), 0o755);
  for (const row of copies) {
    await mkdir(dirname(resolve(root, row.out)), { recursive: true });
    await copyFile(resolve(root, row.in), resolve(root, row.out));
  }
  makeLibraryPackage(root, Object.keys(library.metafile.inputs));
}
