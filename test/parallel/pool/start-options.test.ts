import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { SHARE_ENV } from 'node:worker_threads';
import { describe, it } from 'mocha';
import { Pool, WorkerError } from '../../../runtime/index.ts';

const readVariable = (name: string): string | undefined => process.env[name];

for (const kind of ['threads', 'processes'] as const) {
  describe(`the workers of a Pool of ${kind}`, () => {
    it('have the environment of the program, or the one that the pool was given', async () => {
      process.env['SIMUL_TEST_START'] = 'here';
      try {
        await using pool = new Pool({ size: 1, kind });
        assert.equal(await pool.apply(readVariable, ['SIMUL_TEST_START']), 'here');
        await using other = new Pool({ size: 1, kind, env: { ...process.env, SIMUL_TEST_START: 'there' } });
        assert.equal(await other.apply(readVariable, ['SIMUL_TEST_START']), 'there');
        assert.equal(process.env['SIMUL_TEST_START'], 'here');
      } finally {
        delete process.env['SIMUL_TEST_START'];
      }
    });

    it('have the flags that the pool was given', async () => {
      await using pool = new Pool({ size: 1, kind, execArgv: ['--no-warnings'] });
      assert.deepEqual(await pool.apply(() => process.execArgv), ['--no-warnings']);
      await using plain = new Pool({ size: 1, kind });
      assert.ok(!(await plain.apply(() => process.execArgv)).includes('--no-warnings'));
    });
  });
}

describe('the workers of a Pool', () => {
  it('fail the call that needs more memory than a thread may have, and are replaced', async () => {
    await using pool = new Pool({ size: 1, resourceLimits: { maxOldGenerationSizeMb: 24 } });
    const hoard = (n: number): number => {
      const kept: unknown[] = [];
      while (kept.length < n) kept.push([kept.length]);
      return kept.length;
    };
    assert.equal(await pool.apply(hoard, [5]), 5);
    const lost = pool.apply(hoard, [Infinity]);
    await assert.rejects(async () => await lost, WorkerError);
    assert.equal(((lost.error as WorkerError).cause as { code?: string }).code, 'ERR_WORKER_OUT_OF_MEMORY');
    assert.equal(await pool.apply(hoard, [6]), 6);
  });

  it('that are processes have the memory that their flags say', async () => {
    await using pool = new Pool({ size: 1, kind: 'processes', execArgv: ['--max-old-space-size=64'] });
    const heapLimit = (): number =>
      process.getBuiltinModule('node:v8').getHeapStatistics().heap_size_limit / 2 ** 20;
    // V8 adds what the young generation may have.
    assert.ok((await pool.apply(heapLimit)) < heapLimit() / 2);
  });
});

describe('the workers of a Pool of a program in the command line', () => {
  const library = new URL('../../../runtime/index.js', import.meta.url).href;
  for (const kind of ['threads', 'processes'])
    it(`start, with the flags of the program that ${kind} can have`, () => {
      const { stdout, stderr } = spawnSync(
        process.execPath,
        [
          '--expose-gc',
          '--conditions=here',
          '--input-type=module',
          '-e',
          `import { Pool } from ${JSON.stringify(library)};
          const pool = new Pool({ size: 1, kind: '${kind}' });
          console.log(JSON.stringify(await pool.apply(() => [process.execArgv, typeof globalThis.gc])));`,
        ],
        { encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } },
      );
      assert.equal(stderr, '');
      const [flags, gc] = JSON.parse(stdout) as [string[], string];
      assert.ok(flags.includes('--conditions=here') && !flags.includes('-e'), flags.join());
      // A thread has what its process has.
      assert.equal(gc, 'function');
    });
});

describe('a Pool', () => {
  it('shares its environment with threads when it is told to', async () => {
    await using pool = new Pool({ size: 1, env: SHARE_ENV });
    const set = (name: string): void => void (process.env[name] = 'set');
    try {
      await pool.apply(set, ['SIMUL_TEST_SHARED']);
      assert.equal(process.env['SIMUL_TEST_SHARED'], 'set');
    } finally {
      delete process.env['SIMUL_TEST_SHARED'];
    }
  });

  it('refuses what no worker can be started with', () => {
    const cases: [object, RegExp][] = [
      [{ env: 'A=1' }, /Pool of threads needs an object of texts for env, not "A=1"/],
      [{ env: SHARE_ENV, kind: 'processes' }, /Pool of processes needs .* for env, not SHARE_ENV/],
      [{ execArgv: '--no-warnings' }, /Pool needs a list of texts for execArgv/],
      [{ resourceLimits: 5 }, /Pool needs an object for resourceLimits, not 5/],
      [{ resourceLimits: {}, kind: 'processes' }, /takes no resourceLimits; give it execArgv/],
      [{ execArgv: ['--max-old-space-size=24'] }, /--max-old-space-size/],
    ];
    for (const [options, message] of cases) assert.throws(() => new Pool({ size: 1, ...options }), message);
  });
});
