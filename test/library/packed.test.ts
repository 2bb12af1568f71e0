/**
 * The library as its users get it: its examples, and its npm package, which is packed, put into a
 * project of its own, compiled against and run. And the npm package of the command line.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix, relative } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { checkShipped } from '../../extension/packaging/shipped.ts';
import { tree } from '../machine/tree.ts';

const PROGRAM = `
import { gather, Pool, Queue, run, sleep, type Task, spawn } from 'simul';
import { readTraceJson } from 'simul/trace';

const total: number = await run(async () => {
  const queue = new Queue<number>({ capacity: 2 });
  const adding: Task<number> = spawn(async () => {
    let sum = 0;
    for await (const n of queue) sum += n;
    return sum;
  });
  for (const n of [1, 2, 3]) await queue.put(n);
  queue.close();
  await gather([() => sleep(1)]);
  return adding;
});
const pool = new Pool({ size: 1 });
const squares: number[] = await pool.map((n: number) => n * n, [total]);
pool.close();
console.log(squares.join(), typeof readTraceJson);
`;

/** Needs neither the types of Node nor a newer `lib` than its options name. */
const REQUIRED = `
import { onSignal, Pool, Queue, run, sleep, workerModule } from 'simul';
import trace = require('simul/trace');
declare const console: { log(...values: unknown[]): void };

const queue = new Queue<number>();
const off = onSignal('SIGTERM', (signal) => console.log(signal));
void run(async () => {
  await sleep(1);
  await queue.put(1);
  const pool: Pool = new Pool({ size: 1 });
  pool.close();
  console.log(await queue.get(), typeof workerModule === 'function' && typeof trace.readTraceJson === 'function');
  off();
});
`;

describe('The examples', () => {
  for (const project of ['examples', 'examples/library'])
    it(`in ${project} are compiled strictly against the library's types`, function () {
      this.timeout(60_000);
      const tsc = join(tree, 'node_modules/typescript/bin/tsc');
      const compiled = spawnSync(process.execPath, [tsc, '-p', join(tree, project)], { encoding: 'utf8' });
      assert.deepEqual([compiled.stdout + compiled.stderr, compiled.status], ['', 0]);
    });
});

/** Packs the package in a folder and puts it into a new project. @returns the project's folder */
function projectWith(packageFolder: string): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'simul-packed-')));
  const { NODE_OPTIONS: _, ...env } = process.env;
  execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], {
    cwd: packageFolder,
    env,
    stdio: 'pipe',
  });
  const [packed] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  mkdirSync(join(folder, 'node_modules/simul'), { recursive: true });
  execFileSync('tar', ['-xzf', packed!, '--strip-components=1', '-C', 'node_modules/simul'], { cwd: folder });
  writeFileSync(join(folder, 'package.json'), '{ "name": "mine", "type": "module" }');
  return folder;
}

function filesOf(packed: string): string[] {
  return readdirSync(packed, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(packed, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
}

describe('The packed library', () => {
  let folder = '';
  const compile = (args: readonly string[]): string => {
    const tsc = join(tree, 'node_modules/typescript/bin/tsc');
    const options = ['--strict', '--target', 'es2022', '--lib', 'es2022'];
    const compiled = spawnSync(process.execPath, [tsc, ...options, ...args], {
      cwd: folder,
      encoding: 'utf8',
    });
    return `${compiled.stdout}${compiled.stderr}${compiled.status}`;
  };
  const run = (...args: string[]): string[] => {
    const ran = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
    return [ran.stdout, ran.stderr];
  };

  before(function () {
    this.timeout(60_000);
    folder = projectWith(join(tree, 'dist/package'));
    writeFileSync(join(folder, 'program.ts'), PROGRAM);
    writeFileSync(join(folder, 'required.cts'), REQUIRED);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const module of ['nodenext', 'esnext'] as const) {
    it(`is compiled against strictly, types included, by module ${module}`, function () {
      this.timeout(60_000);
      const resolution = module === 'esnext' ? ['--moduleResolution', 'bundler'] : [];
      const types = ['--types', 'node', '--typeRoots', join(tree, 'node_modules/@types')];
      const args = ['--module', module, '--outDir', `out-${module}`, ...resolution, ...types, 'program.ts'];
      assert.equal(compile(args), '0');
    });

    it(`runs as compiled by module ${module}`, () => {
      assert.deepEqual(run(`out-${module}/program.js`), ['36 function\n', '']);
    });
  }

  it('is compiled against as CommonJS, without the types of Node', function () {
    this.timeout(60_000);
    const none = ['--typeRoots', join(folder, 'none')];
    assert.equal(compile(['--module', 'nodenext', '--outDir', 'out-required', ...none, 'required.cts']), '0');
    const [printed, errors] = run('out-required/required.cjs');
    assert.deepEqual([printed, errors], ['1 true\n', '']);
  });

  it('is one library, by whatever way it is loaded', () => {
    const same = `import('simul').then((m) => console.log(m.run === require('simul').run))`;
    assert.deepEqual(run('-e', same), ['true\n', '']);
  });

  it('works on the tables that the program makes, by whatever way both are loaded', () => {
    symlinkSync(
      join(tree, 'node_modules/apache-arrow'),
      join(folder, 'node_modules/apache-arrow'),
      'junction',
    );
    const use = `const table = tableFromArrays({ width: Float64Array.of(2, 3), height: Float64Array.of(5, 7) });
      (async () => {
        const [part] = await mapPartitions(table, (p) => p, { partitions: 2 });
        console.log(await mapRows(table, ({ width, height }) => width * height), part instanceof Table, part.numRows);
      })();`;
    const names = ['{ mapPartitions, mapRows }', '{ Table, tableFromArrays }'];
    const modules = ['simul/frames', 'apache-arrow'];
    const [required, imported] = [
      names.map((name, i) => `const ${name} = require('${modules[i]}');`),
      names.map((name, i) => `import ${name} from '${modules[i]}';`),
    ];
    writeFileSync(join(folder, 'frames.cjs'), [...required, use].join('\n'));
    writeFileSync(join(folder, 'frames.mjs'), [...imported, use].join('\n'));
    for (const file of ['frames.cjs', 'frames.mjs']) assert.deepEqual(run(file), ['[ 10, 21 ] true 1\n', '']);
  });

  it('has jobs without another package, and says which ones Redis needs', () => {
    const use = `(async () => {
      const here = new JobQueue('here');
      here.process(async ({ data }) => data + 1);
      console.log(await (await here.add('n', 1)).result());
      const told = [];
      const there = new JobQueue('there', { connection: { port: 1 }, onError: (error) => told.push(error.message) });
      await there.add('n', 1).catch((error) => told.push(error.message));
      console.log([...new Set(told)].join());
    })();`;
    writeFileSync(join(folder, 'jobs.cjs'), `const { JobQueue } = require('simul/jobs'); ${use}`);
    writeFileSync(join(folder, 'jobs.mjs'), `import { JobQueue } from 'simul/jobs'; ${use}`);
    const needs =
      'job queue "there" has a connection and needs the packages bullmq and ioredis: npm install bullmq ioredis';
    for (const file of ['jobs.cjs', 'jobs.mjs']) assert.deepEqual(run(file), [`2\n${needs}\n`, '']);
  });

  it('runs where no ES module can be required', () => {
    const [flag, script] = ['--no-experimental-require-module', 'none.cjs'];
    writeFileSync(
      join(folder, script),
      `const { Pool } = require('simul'); const pool = new Pool({ size: 1 });
       pool.apply((n) => n + 1, [1]).then((n) => { console.log(n, typeof require('simul/trace').readTraceJson); pool.close(); });`,
    );
    assert.deepEqual(run(flag, script), ['2 function\n', '']);
  });

  it('holds the library alone, and names no file that it does not hold', () => {
    const packed = join(folder, 'node_modules/simul');
    const files = filesOf(packed);
    const chunks = /^dist\/library-\w+\.js$/;
    assert.deepEqual(files.filter((file) => !file.startsWith('dist/types/') && !chunks.test(file)).sort(), [
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      ...[
        'frames.cjs',
        'frames.js',
        'index.cjs',
        'index.js',
        'jobs.cjs',
        'jobs.js',
        'library.cjs',
        'parallel-worker.js',
      ].map(inDist),
      ...['trace.cjs', 'trace.js'].map(inDist),
      'package.json',
    ]);
    for (const file of files.filter((name) => /\.(js|cjs|ts|cts)$/.test(name))) {
      const text = readFileSync(join(packed, file), 'utf8');
      assert.doesNotMatch(text, /^\/\/# sourceMappingURL/m, file);
      for (const [, path] of text.matchAll(/(?:from |<reference path=)["'](\.[^"']+)["']/g))
        if (file.startsWith('dist/types/'))
          assert.ok(files.includes(declarationOf(file, path!)), `${file}: ${path}`);
    }
  });

  it('leaves its peers to the program', () => {
    const manifest = JSON.parse(readFileSync(join(folder, 'node_modules/simul/package.json'), 'utf8')) as {
      [field: string]: Record<string, { optional?: boolean }> | undefined;
    };
    assert.equal(manifest['dependencies'], undefined);
    for (const peer of Object.keys(manifest['peerDependencies']!))
      assert.equal(manifest['peerDependenciesMeta']![peer]!.optional, true, peer);
  });
});

const inDist = (name: string): string => `dist/${name}`;

/** The declaration that `path` means in a file of declarations. */
function declarationOf(file: string, path: string): string {
  const named = posix.join(posix.dirname(file), path);
  return /\.d\.c?ts$/.test(named) ? named : named.replace(/\.(c?ts)$/, '.d.$1');
}

describe('The npm package of the command line', () => {
  let folder = '';
  before(function () {
    this.timeout(60_000);
    folder = projectWith(tree);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('holds what is required and nothing else', () => {
    // Packaging alone builds without source maps.
    const shipped = filesOf(join(folder, 'node_modules/simul')).filter((file) => !file.endsWith('.map'));
    assert.deepEqual(checkShipped('npm', shipped), []);
  });

  it('traces a program from the command line', () => {
    writeFileSync(join(folder, 'traced.ts'), 'const f = async (n: number) => n;\nconsole.log(await f(7));\n');
    const cli = 'node_modules/simul/dist/cli.js';
    const env = { ...process.env, SIMUL_CACHE: join(folder, 'cache') };
    const traced = spawnSync(process.execPath, [cli, 'trace', '--recording', 'r', 'traced.ts'], {
      cwd: folder,
      env,
      encoding: 'utf8',
    });
    assert.deepEqual([traced.stdout, traced.status], ['7\n', 0], traced.stderr);
    assert.match(traced.stderr, /traced\.ts .* ended with exit code 0\./);
    const shown = spawnSync(process.execPath, [cli, 'show', 'r'], { cwd: folder, encoding: 'utf8' });
    assert.match(shown.stdout, /f\b.*traced\.ts:1|module traced\.ts/);
  });
});
