/**
 * Children and workers whose environment the program made: traced, and they find what was given.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import type { TraceJson } from '../../../../runtime/launch/json/trace-json.ts';
import { temporaryFolders } from '../../../launch/part-writer.ts';
import { tree } from '../../../machine/tree.ts';
import { jsonOf } from '../../../support/json-of.ts';
import { NODES } from '../trace-program.ts';

const cli = join(tree, 'dist/cli.js');
const folder = temporaryFolders();

/** What a child sees of its environment and of Node's arguments. */
const SHOW =
  'console.log(JSON.stringify([process.env.A, process.env.NODE_OPTIONS, process.execArgv, ' +
  "Object.keys(process.env).filter((name) => name.startsWith('SIMUL'))]))";

interface Both {
  readonly untraced: string;
  readonly traced: string;
  readonly json: TraceJson;
}

function runBoth(node: string, source: string): Both {
  const at = folder();
  writeFileSync(join(at, 'program.cjs'), `const SHOW = ${JSON.stringify(SHOW)};\n${source}`);
  const env = { ...process.env, SIMUL_CACHE: join(at, 'cache') };
  const run = (command: string, args: readonly string[]): string => {
    const { stdout, stderr } = spawnSync(command, args, { cwd: at, encoding: 'utf8', env });
    return stdout + stderr;
  };
  const untraced = run(node, ['program.cjs']);
  const traced = run(process.execPath, [
    ...[cli, 'trace', '--quiet', '--recording', 'r', '--', node, 'program.cjs'],
  ]);
  return { untraced, traced, json: jsonOf(join(at, 'r')) };
}

const unseen = ({ processes }: TraceJson): string[] =>
  processes.flatMap(({ news }) => news.filter(({ what }) => what === 'unseen').map(({ text }) => text));

for (const { name, path: node } of NODES) {
  describe(`on ${name}, what a program starts with an environment of its own`, function () {
    this.timeout(60_000);

    const children: Readonly<Record<string, string>> = {
      spawn: `cp.spawn(process.execPath, ['-e', SHOW], { env: { A: '1' }, stdio: 'inherit' })`,
      'spawn with options for Node': `cp.spawn(process.execPath, ['-e', SHOW],
        { env: { NODE_OPTIONS: '--no-warnings' }, stdio: 'inherit' })`,
      fork: `cp.fork('child.cjs', { env: { A: '1' }, execArgv: ['--no-warnings'] })`,
      exec: `cp.exec('"' + process.execPath + '" -p 1', { env: { A: '1' } }, (error, out) => console.log(out))`,
      execFile: `cp.execFile(process.execPath, ['-e', SHOW], { env: {} }, (error, out) => console.log(out))`,
      spawnSync: `console.log(cp.spawnSync(process.execPath, ['-e', SHOW], { env: { A: '1' } }).stdout + '')`,
      execFileSync: `console.log(cp.execFileSync(process.execPath, ['-e', SHOW], { env: {} }) + '')`,
      execSync: `console.log(cp.execSync('"' + process.execPath + '" -p 1', { env: {} }) + '')`,
      cluster: `const cluster = require('node:cluster');
        require('node:fs').writeFileSync('child.cjs', 'console.log([process.env.NODE_OPTIONS]); process.disconnect()');
        cluster.setupPrimary({ exec: 'child.cjs' }); cluster.fork({ NODE_OPTIONS: '' })`,
    };
    for (const [what, call] of Object.entries(children)) {
      it(`is traced and sees what it was given: ${what}`, () => {
        const child = `require('node:fs').writeFileSync('child.cjs', SHOW + '; process.disconnect()');`;
        const { untraced, traced, json } = runBoth(
          node,
          `const cp = require('node:child_process'); ${child} ${call};`,
        );
        assert.equal(traced, untraced);
        assert.equal(json.processes.length, 2);
        assert.deepEqual(unseen(json), []);
      });
    }

    it('is traced and sees what it was given: workers, and their own', () => {
      const { untraced, traced, json } = runBoth(
        node,
        `const { Worker } = require('node:worker_threads');
         const given = { A: '1' }; const options = { eval: true, env: given, execArgv: ['--no-warnings'] };
         const nested = 'new (require("node:worker_threads").Worker)(' + JSON.stringify(SHOW) + ', { eval: true });';
         class Mine extends Worker {}
         const worker = new Mine(SHOW + ';' + nested, options);
         worker.on('exit', () => {
           console.log(Object.keys(given), Object.keys(options), worker instanceof Worker, worker.constructor === Mine,
             Worker.prototype.constructor === Worker, Worker.name, String(Worker).slice(0, 12));
         });`,
      );
      assert.equal(traced, untraced);
      assert.equal(json.lanes.filter(({ kind }) => kind === 'worker').length, 2);
    });

    it('has a row that says why it is not traced', () => {
      const { untraced, traced, json } = runBoth(
        node,
        `const cp = require('node:child_process');
         cp.spawnSync('sh', ['-c', 'env; "$0" -p 1', process.execPath], { env: { A: '1' }, stdio: 'inherit' });
         const flag = process.versions.node.startsWith('20.') ? '--experimental-permission' : '--permission';
         cp.spawnSync(process.execPath, [flag, '--allow-fs-read=/nowhere', '-p', '2'], { stdio: 'ignore' });`,
      );
      assert.equal(traced, untraced);
      const [shell, kept, ...more] = unseen(json);
      assert.match(
        shell!,
        /^Node processes below sh -c .*, if there were any, were not traced: the program gave it an environment/,
      );
      assert.match(kept!, /^node --(experimental-)?permission .* was not traced: Node's permission model/);
      assert.deepEqual([json.processes.length, more], [1, []]);
    });

    it('ended by a signal has its end from who started it', () => {
      const { json } = runBoth(
        node,
        `const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e3); console.log(1)']);
         child.stdout.once('data', () => child.kill('SIGKILL'));`,
      );
      assert.deepEqual(
        json.processes.map(({ ended, signal }) => [ended, signal]),
        [
          ['exit', null],
          ['signal', 9],
        ],
      );
    });
  });
}
