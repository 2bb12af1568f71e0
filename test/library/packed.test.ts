/**
 * The library as its users get it: its examples, and the npm package, which is packed, put into a
 * project of its own, compiled against and run.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
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

describe('The examples', () => {
  for (const project of ['examples', 'examples/library'])
    it(`in ${project} are compiled strictly against the library's types`, function () {
      this.timeout(60_000);
      const tsc = join(tree, 'node_modules/typescript/bin/tsc');
      const compiled = spawnSync(process.execPath, [tsc, '-p', join(tree, project)], { encoding: 'utf8' });
      assert.deepEqual([compiled.stdout + compiled.stderr, compiled.status], ['', 0]);
    });
});

describe('The packed npm package', () => {
  let folder = '';

  before(function () {
    this.timeout(60_000);
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'simul-packed-')));
    const { NODE_OPTIONS: _, ...env } = process.env;
    execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], {
      cwd: tree,
      env,
      stdio: 'pipe',
    });
    const [packed] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
    mkdirSync(join(folder, 'node_modules/simul'), { recursive: true });
    execFileSync('tar', ['-xzf', packed!, '--strip-components=1', '-C', 'node_modules/simul'], {
      cwd: folder,
    });
    writeFileSync(join(folder, 'package.json'), '{ "name": "mine", "type": "module" }');
    writeFileSync(join(folder, 'program.ts'), PROGRAM);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const module of ['nodenext', 'esnext'] as const) {
    it(`is compiled against strictly, types included, by module ${module}`, function () {
      this.timeout(60_000);
      const compiled = spawnSync(
        process.execPath,
        [
          join(tree, 'node_modules/typescript/bin/tsc'),
          ...['--strict', '--target', 'es2023', '--module', module, '--outDir', `out-${module}`],
          ...(module === 'esnext' ? ['--moduleResolution', 'bundler'] : []),
          ...['--types', 'node', '--typeRoots', join(tree, 'node_modules/@types'), 'program.ts'],
        ],
        { cwd: folder, encoding: 'utf8' },
      );
      assert.equal(compiled.stdout + compiled.stderr, '');
      assert.equal(compiled.status, 0);
    });

    it(`runs as compiled by module ${module}`, () => {
      const ran = spawnSync(process.execPath, [`out-${module}/program.js`], {
        cwd: folder,
        encoding: 'utf8',
      });
      assert.deepEqual([ran.stdout, ran.stderr, ran.status], ['36 function\n', '', 0]);
    });
  }

  it('holds what is required and nothing else', () => {
    const packed = join(folder, 'node_modules/simul');
    const files = readdirSync(packed, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(packed, join(entry.parentPath ?? entry.path, entry.name)));
    // Packaging alone builds without source maps.
    const shipped = files.filter((file) => !file.endsWith('.map'));
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
