/** Functions of a program's own modules as a pool finds them, and what it says of all others. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { after, before, describe, it } from 'mocha';
import { Pool, Thread, workerModule } from '../../../runtime/index.ts';
import { referenceFunction } from '../../../runtime/parallel/functions/function-reference.ts';
import { loadFunction } from '../../../runtime/parallel/functions/load-function.ts';

type Jobs = Record<string, () => number>;

describe('a function of a module', () => {
  let folder = '';
  let pool: Pool;
  const file = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const load = async (path: string): Promise<Jobs> => (await import(pathToFileURL(path).href)) as Jobs;
  const refusal = (fn: unknown): string => {
    try {
      referenceFunction(fn, 'pool.map()');
    } catch (error) {
      return (error as Error).message;
    }
    return 'not refused';
  };

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'simul-found-'));
    pool = new Pool({ size: 1 });
  });
  after(async () => {
    pool.terminate();
    await pool.join();
    rmSync(folder, { recursive: true });
  });

  it('is found where the module has many arrows and none of them was called', async () => {
    const arrows = Array.from({ length: 40 }, (_, n) => `export const f${n} = () => k + ${n};`);
    const jobs = await load(file('arrows.mjs', `const k = 1;\n${arrows.join('\n')}`));
    assert.deepEqual([await pool.apply(jobs['f0']!), await pool.apply(jobs['f39']!)], [1, 40]);
  });

  it('is found as a default export, in a list and behind another variable', async () => {
    const text =
      'const k = 2, listed = () => k, other = () => k + 1;\nexport { listed, other as renamed };\nexport default () => k + 2;';
    const jobs = await load(file('forms.mjs', text));
    const results = ['listed', 'renamed', 'default'].map((name) => pool.apply(jobs[name]!));
    assert.deepEqual(await Promise.all(results), [2, 3, 4]);
  });

  it('is found by require in CommonJS, with whatever name it has there', async () => {
    const path = file(
      'jobs.cjs',
      'const k = 5; const f = () => k; exports.named = f; exports.default = () => -k;',
    );
    const jobs = createRequire(path)(path) as Jobs;
    assert.deepEqual(await Promise.all([pool.apply(jobs['named']!), pool.apply(jobs['default']!)]), [5, -5]);
    const whole = file('whole.cjs', 'const k = 6; module.exports = () => k;');
    assert.equal(await pool.apply(createRequire(whole)(whole) as () => number), 6);
  });

  it('is known by its name where its text is another in the worker', async () => {
    const path = file('texts.mjs', 'const k = 3; export const f = () => k;');
    const { f } = await load(path);
    referenceFunction(f, 'pool.apply()');
    // As a loader would that compiles the file in another way for the worker.
    file('texts.mjs', 'const k = 3; export const f = function () { /* compiled */ return k; };');
    assert.equal(await pool.apply(f!), 3);
  });

  it('is found in a context of its own, as a test runner has them', () => {
    const url = pathToFileURL(join(folder, 'context.mjs')).href;
    const fn: unknown = runInContext('const f = (n) => n + 1; f', createContext({}), { filename: url });
    assert.deepEqual(referenceFunction(fn, 'pool.map()'), {
      text: '(n) => n + 1',
      prelude: '',
      label: 'f',
      file: url,
      line: 0,
      column: 10,
    });
  });

  it('is refused where no export of it can be seen, with what can be done', async () => {
    const path = file('made.mjs', 'const make = (k) => () => k;\nexport const made = make(4);');
    const { made } = await load(path);
    assert.equal(
      refusal(made),
      `pool.map() cannot run the function elsewhere: it captures "k" from around itself, and no export of it was found in ${path}; ` +
        'give "k" as an argument, or the function through workerModule() with the URL of a file that exports it',
    );
  });

  it('is refused where it stands in no file, without asking for an export', () => {
    const fn: unknown = runInContext('const k = 1; () => k', createContext({}), { filename: 'made-up' });
    assert.match(
      refusal(fn),
      /it captures "k" from around itself, and it stands in no file \(made-up\); give "k"/,
    );
  });

  it('is not loaded from TypeScript that Node cannot read, and the error says what to do', async () => {
    const path = file('typed.cts', 'enum Salt { a = 1 }\nexports.f = (n: number) => n + Salt.a;');
    for (const isCommonJs of [true, false])
      await assert.rejects(
        loadFunction({ url: pathToFileURL(path).href, name: 'f', text: '', isCommonJs }),
        (error: Error) => {
          assert.match(
            error.message,
            /^a worker cannot load .*typed\.cts: .* Start the program with node --import tsx/,
          );
          assert.ok(error.cause instanceof Error);
          return true;
        },
      );
  });

  it('runs by the name that workerModule() gives it', async () => {
    const path = file('door.mjs', 'const make = (k) => (n) => n * k;\nexport const tripled = make(3);');
    const jobs = workerModule<{ tripled(n: number): number; version: string }>(pathToFileURL(path));
    assert.deepEqual(await pool.map(jobs.tripled, [1, 2]), [3, 6]);
    assert.equal(await new Thread(jobs.tripled, { args: [5] }).start().join(), 15);
    assert.equal((await Promise.resolve(workerModule<typeof jobs>(path))).tripled.name, 'tripled');
    assert.throws(
      () => jobs.tripled(1),
      /tripled\(\) of workerModule\(\) runs in a Pool.* import file:.*door\.mjs$/,
    );
  });

  it('says which functions a module has, when workerModule() is asked for another', async () => {
    const path = file('few.mjs', 'export const one = () => 1; export const two = () => 2;');
    const jobs = workerModule<{ three(): number }>(path);
    await assert.rejects(async () => pool.apply(jobs.three), {
      message: `${pathToFileURL(path).href} exports no function three in the worker; it exports one, two`,
    });
  });

  it('is looked for by workerModule() in the source that a compiler would make the file of', () => {
    file('typed.mts', 'export const f = () => 1;');
    const { f } = workerModule<{ f(): number }>(pathToFileURL(join(folder, 'typed.mjs')));
    assert.equal(
      (referenceFunction(f, 'x') as { url: string }).url,
      pathToFileURL(join(folder, 'typed.mts')).href,
    );
  });

  it('is refused by workerModule() at once without a file, or without a URL', () => {
    assert.throws(
      () => workerModule(new URL('./none.js', pathToFileURL(`${folder}/`))),
      /there is no file .*none\.js; in a bundle, make the module an entry of its own/,
    );
    assert.throws(() => workerModule('./jobs.js'), /needs a URL, as new URL.* not "\.\/jobs\.js"$/);
    assert.throws(() => workerModule(7 as never), /not number$/);
  });
});
