/** What an import of `simul` means in a program under trace, on each installed Node. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { liveFiles } from '../../../runtime/launch/held-files.ts';
import { ENTRIES } from '../../../runtime/agent/node/loader/library.ts';
import { needsCompiling } from '../../../runtime/launch/runnable-files.ts';
import { traceEnv } from '../../../runtime/launch/start-trace.ts';
import { PART_HEAD_BYTES } from '../../../runtime/trace/format/part.ts';
import { toText } from '../../../runtime/trace/format/text.ts';
import { tree } from '../../machine/tree.ts';
import { NODES } from './trace-program.ts';

const library = join(tree, 'dist/index.js');
const seven = 'async function seven() { await sleep(1); return 7; }';
const asModule = `import { run, sleep } from 'simul'; ${seven}`;
const asCommonJs = `const { run, sleep } = require('simul'); ${seven}`;
const other = (manifest: object) => ({
  'node_modules/simul/package.json': JSON.stringify({ name: 'simul', exports: './i.js', ...manifest }),
  'node_modules/simul/i.js': 'exports.own = "its own";',
});

interface Case {
  readonly title: string;
  readonly files: Readonly<Record<string, string>>;
  readonly prints: string;
}

/** The first file is the entry. */
const cases: readonly Case[] = [
  {
    title: 'is the bundled library for an import, where none is installed',
    files: { 'a.mjs': `${asModule} console.log(await run(seven), import.meta.resolve('simul'));` },
    prints: `7 ${pathToFileURL(library).href}`,
  },
  {
    title: 'is the same for TypeScript',
    files: { 'a.ts': `${asModule} const n: number = await run(seven); console.log(n); export {};` },
    prints: '7',
  },
  {
    title: 'is the same library for `require` and `import`',
    files: {
      'a.cjs': `${asCommonJs} run(seven).then(async (n) => console.log(n, (await import('simul')).run === run));`,
    },
    prints: '7 true',
  },
  {
    title: 'is the bundled library where another version is installed, also for packages that import it',
    files: {
      'a.mjs': `${asModule} import { theirs } from 'uses'; console.log(await run(seven), theirs === run);`,
      ...other({ version: '9.9.9', publisher: 'simul' }),
      'node_modules/uses/package.json': '{"type":"module","exports":"./i.js"}',
      'node_modules/uses/i.js': `export { run as theirs } from 'simul';`,
    },
    prints: '7 true',
  },
  {
    title: 'stays somebody else’s package that bears the name',
    files: {
      'a.mjs': `import simul from 'simul'; console.log(simul.own); await import('./b/b.cjs');`,
      'b/b.cjs': `console.log(require('simul').own);`,
      ...other({ version: '2.0.0' }),
    },
    prints: 'its own\nits own',
  },
  {
    title: 'stays the program’s own package where that bears the name',
    files: {
      'src/a.mjs': `import { own } from 'simul'; console.log(own);`,
      'package.json': '{"name":"simul","exports":"./src/own.mjs"}',
      'src/own.mjs': `export const own = 'its own';`,
    },
    prints: 'its own',
  },
  {
    title: 'is the bundled library in worker threads and child processes',
    files: {
      'a.mjs':
        `import { Worker } from 'node:worker_threads'; import { fork } from 'node:child_process';` +
        `import { once } from 'node:events'; import { run } from 'simul'; console.log(typeof run);` +
        `for (const file of ['w.mjs', 'w.cjs']) {` +
        `  await once(new Worker(new URL(file, import.meta.url)), 'exit');` +
        `  await once(fork(new URL(file, import.meta.url)), 'exit'); }`,
      'w.mjs': `${asModule} console.log('module', await run(seven));`,
      'w.cjs': `${asCommonJs} run(seven).then((n) => console.log('commonjs', n));`,
    },
    prints: 'function\nmodule 7\nmodule 7\ncommonjs 7\ncommonjs 7',
  },
  {
    title: 'resolves its peer packages from the program',
    files: {
      'a.mjs': `import { mapRows } from 'simul/frames'; console.log(typeof mapRows);`,
      'node_modules/apache-arrow/package.json': '{ "name": "apache-arrow", "exports": "./i.mjs" }',
      'node_modules/apache-arrow/i.mjs': `console.log("the program's own"); export const Table = 0, tableToIPC = 0, tableFromIPC = 0;`,
    },
    prints: "the program's own\nfunction",
  },
  {
    title: 'reads traces by `simul/trace`',
    files: { 'a.mjs': `import { readTraceJson } from 'simul/trace'; console.log(typeof readTraceJson);` },
    prints: 'function',
  },
];

describe('`simul` in a program under trace', () => {
  let folder = '';
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'simul-library-')));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  for (const { name, path } of NODES) {
    for (const { title, files, prints } of cases) {
      it(`${title}, on ${name}`, async function () {
        this.timeout(60_000);
        for (const [file, text] of Object.entries(files)) {
          mkdirSync(dirname(join(folder, file)), { recursive: true });
          writeFileSync(join(folder, file), text);
        }
        const { output, recorded } = await trace(path, join(folder, Object.keys(files)[0]!));
        assert.equal(output.trim(), prints);
        assert.match(recorded, /\b(?:a|b)\.(?:mjs|cjs|ts)\b/, 'the program is recorded');
        assert.ok(!recorded.includes(join(tree, 'dist')), 'the library is not instrumented');
      });
    }
  }

  it('is what package.json exports under the same names', () => {
    const { exports } = JSON.parse(readFileSync(join(tree, 'package.json'), 'utf8')) as {
      exports: Record<string, string | { default: string }>;
    };
    const entries = Object.entries(exports).flatMap(([name, to]) =>
      typeof to === 'string' ? [] : [[name.replace(/^\./, 'simul'), to.default] as const],
    );
    assert.deepEqual(
      entries,
      [...ENTRIES].map(([name, file]) => [name, `./dist/${file}`]),
    );
  });

  function trace(node: string, file: string): Promise<{ output: string; recorded: string }> {
    const recording = join(folder, 'recording');
    mkdirSync(recording);
    const { NODE_OPTIONS: _, ...clean } = process.env;
    const env = traceEnv({ recording, env: clean, cache: null, compiles: needsCompiling(file) });
    return new Promise((resolve, reject) => {
      const child = spawn(node, [file], { env, stdio: ['ignore', 'pipe', 'pipe'] });
      let output = '';
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding('utf8').on('data', (text: string) => (output += text));
      child.on('error', reject);
      child.on('close', () => resolve({ output, recorded: textOf(recording) }));
    });
  }
});

function textOf(recording: string): string {
  return liveFiles(readdirSync(recording))
    .map(({ name }) => {
      const bytes = readFileSync(join(recording, name)).subarray(PART_HEAD_BYTES);
      return toText(bytes.subarray(0, bytes.length - (bytes.length % 32)), {
        times: 'none',
        without: ['clock', 'times'],
      });
    })
    .join('\n');
}
