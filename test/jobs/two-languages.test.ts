/** The example of a producer in TypeScript and a worker in Python, each traced, then merged. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { after, before, describe, it } from 'mocha';
import { isAtLeast, PYTHON } from '../agent/python/trace-python.ts';
import { pythonPackages } from '../machine/python-packages.ts';
import { NO_REDIS, type RedisServer, startRedis } from '../machine/redis-server.ts';
import { tree } from '../machine/tree.ts';

const run = promisify(execFile);
const CLI = join(tree, 'dist/cli.js');
const EXAMPLE = join(tree, 'examples/two-languages');

describe('the example in two languages', function () {
  this.timeout(60_000);
  let redis: RedisServer | null = null;
  let folder = '';
  before(async function () {
    const runs = isAtLeast(3, 10);
    redis = runs ? await startRedis() : null;
    if (redis === null) {
      console.warn(runs ? NO_REDIS : 'BullMQ’s port does not run in this Python');
      this.skip();
    }
    folder = mkdtempSync(join(tmpdir(), 'simul-languages-'));
  });
  after(async () => {
    await redis?.stop();
    if (folder !== '') rmSync(folder, { recursive: true, force: true });
  });

  it('is one trace: from the line in TypeScript over the attempt in Python and back', async () => {
    const packages = await pythonPackages(['bullmq==3.4.4', 'redis==8.1.0'], 'bullmq==3.4.4', PYTHON);
    const simul = async (...args: readonly string[]): Promise<string> => {
      const env = { ...process.env, REDIS_URL: redis!.url, PYTHONPATH: packages, SIMUL_PYTHON: PYTHON };
      return (await run(process.execPath, [CLI, ...args], { env, cwd: EXAMPLE })).stdout;
    };
    const [a, b, both] = ['a', 'b', 'both.simul'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    const [said] = await Promise.all([
      simul('trace', '--quiet', '--recording', a, 'producer.ts'),
      simul('trace', '--quiet', '--recording', b, 'worker.py'),
    ]);
    assert.equal(said, '14 words\n');
    await simul('merge', a, b, '--out', both);
    const why = await simul('why', both, '--task', 'count (attempt 2)');
    assert.match(
      why,
      /It was asked for by count#2, which had failed\. Its result came to module producer\.ts/,
    );
    assert.match(
      await simul('why', both, '--task', 'count#1'),
      /added at producer\.ts:20|Its job was added by countAll/,
    );
  });
});
