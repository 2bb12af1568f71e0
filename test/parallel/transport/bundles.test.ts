/**
 * Programs that a bundler has made one file of, the library included: the worker's file is not
 * there. `npm run compatibility` does the same with all bundlers on all Nodes.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as esbuild from 'esbuild';
import { after, before, describe, it } from 'mocha';
import { tree } from '../../machine/tree.ts';

const PROGRAM = `
import { isMain, Pool, Process, Thread } from 'simul';
const salt = new Map([['salt', 10]]);
const add = (n) => n + salt.get('salt');
export { add };
async function main() {
  for (const kind of ['threads', 'processes']) {
    const pool = new Pool({ size: 1, kind });
    console.log(kind, await pool.map((n) => n * 2, [1, 2]), await pool.apply(add, [5]));
    pool.close();
  }
  console.log(await new Thread((n) => n + 1, { args: [1] }).start().join());
  console.log(await new Process((n) => n + 2, { args: [1] }).start().join());
}
if (isMain) void main();
`;
const PRINTED = 'threads [ 2, 4 ] 15\nprocesses [ 2, 4 ] 15\n2\n3\n';
const NOT_EXPORTED = `
import { Pool } from 'simul';
const salt = new Map([['salt', 10]]);
const add = (n) => n + salt.get('salt');
const pool = new Pool({ size: 1 });
try { pool.apply(add, [5]); } catch (error) { console.log(error.message); }
pool.close();
`;

describe('a bundle with the library in it', () => {
  let folder = '';
  before(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'simul-bundle-')));
  });
  after(() => rmSync(folder, { recursive: true }));

  /** @param library the file that is bundled as `simul`. */
  async function bundle(
    contents: string,
    options: esbuild.BuildOptions & { readonly outfile: string },
    library = 'dist/index.js',
  ): Promise<string> {
    const outfile = join(folder, options.outfile);
    await esbuild.build({
      stdin: { contents, resolveDir: folder },
      alias: { simul: join(tree, library) },
      bundle: true,
      platform: 'node',
      logLevel: 'error',
      ...options,
      outfile,
    });
    return outfile;
  }
  async function output(file: string): Promise<string> {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [file], { timeout: 20_000 });
    return stdout + stderr;
  }

  for (const [format, extension] of [
    ['esm', 'mjs'],
    ['cjs', 'cjs'],
  ] as const) {
    for (const minify of [false, true])
      it(`starts threads and processes as ${format}${minify ? ', minified' : ''}`, async function () {
        this.timeout(30_000);
        const outfile = `main-${minify}.${extension}`;
        assert.equal(await output(await bundle(PROGRAM, { outfile, format, minify })), PRINTED);
      });
  }

  it('names the way for a function of a module that it has taken in', async function () {
    this.timeout(30_000);
    const file = await bundle(NOT_EXPORTED, { outfile: 'refused.mjs', format: 'esm' });
    assert.equal(
      await output(file),
      `pool.apply() cannot run add() elsewhere: it captures "salt" from around itself, and no export of it was found in ${file}; ` +
        'give "salt" as an argument, or the function through workerModule() with the URL of a file that exports it\n',
    );
  });

  it('says what to do where the library has neither the file of its worker nor the text', async function () {
    this.timeout(30_000);
    const options = { outfile: 'textless.mjs', format: 'esm' } as const;
    // The compiled sources: only the build puts the text in.
    const file = await bundle(PROGRAM, options, 'build/runtime/index.js');
    await assert.rejects(output(file), (error: { stderr: string }) => {
      assert.match(
        error.stderr,
        /Error: a thread cannot start: parallel-worker\.js is not beside the library \(file:.*textless\.mjs\); copy it there from the package's folder dist, or leave the package simul out of the bundle/,
      );
      return true;
    });
  });
});
