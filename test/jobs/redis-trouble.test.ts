/** What a queue says and does when Redis is not as it should be. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { JobConnectionError, JobQueue } from '../../runtime/jobs/jobs.ts';
import { Event } from '../../runtime/sync/event.ts';
import { findProgram } from '../machine/find-program.ts';
import { freePort, NO_REDIS, type RedisServer, startRedis } from '../machine/redis-server.ts';
import { tree } from '../machine/tree.ts';

const PASSWORD = 's3cr3t-of-the-test';

describe('a job queue and a Redis in trouble', () => {
  const servers: RedisServer[] = [];
  const start = async (options?: Parameters<typeof startRedis>[0]): Promise<RedisServer> => {
    const server = (await startRedis(options))!;
    servers.push(server);
    return server;
  };
  before(function () {
    if (findProgram(['redis-server']) !== undefined) return;
    console.warn(NO_REDIS);
    this.skip();
  });
  after(() => Promise.all(servers.map((server) => server.stop())));

  it('says once that nothing listens, waits, and loses no job', async function () {
    this.timeout(30_000);
    const port = await freePort();
    const told: Error[] = [];
    const first = new Event();
    const queue = new JobQueue<number, number>('patient', {
      connection: `redis://user:${PASSWORD}@127.0.0.1:${port}`,
      onError: (error) => {
        told.push(error);
        first.set();
      },
    });
    const adding = queue.add('n', 1);
    await first.wait();
    const [error] = told;
    assert.ok(error instanceof JobConnectionError);
    assert.equal(
      error.message,
      `job queue "patient" cannot reach Redis at 127.0.0.1:${port}: nothing listens there (ECONNREFUSED); it tries again until it can`,
    );
    await queue.close();
    await assert.rejects(adding, {
      name: 'JobConnectionError',
      message: `job queue "patient" was closed before Redis at 127.0.0.1:${port} had answered`,
    });
    assert.equal(told.length, 1);
  });

  it('goes on when Redis comes', async function () {
    this.timeout(30_000);
    const port = await freePort();
    const first = new Event();
    const queue = new JobQueue<number, number>('later', {
      connection: { port },
      onError: () => first.set(),
    });
    queue.process(async ({ data }) => data + 1);
    const adding = queue.add('n', 1);
    await first.wait();
    await start({ port });
    assert.equal(await (await adding).result(), 2);
    await queue.close();
  });

  for (const [given, answer] of [
    [`redis://:wrong-${PASSWORD}@127.0.0.1`, 'refuses the user or the password (WRONGPASS)'],
    ['redis://127.0.0.1', 'asks for a password, and none was given (NOAUTH)'],
  ] as const)
    it(`says that Redis ${answer}, and ends`, async function () {
      this.timeout(30_000);
      const { port } = await start({ password: PASSWORD });
      const told: string[] = [];
      const queue = new JobQueue('locked', {
        connection: `${given}:${port}`,
        onError: ({ message }) => told.push(message),
      });
      queue.process(async () => {});
      const sentence = `job queue "locked": Redis at 127.0.0.1:${port} ${answer}`;
      await assert.rejects(queue.add('n', null), { name: 'JobConnectionError', message: sentence });
      assert.deepEqual(told, [sentence]);
      await queue.close();
    });

  it('loses nothing when Redis is killed in the middle and comes back', async function () {
    // A job that was handed out just then is BullMQ's to take over: after a minute, at most.
    this.timeout(150_000);
    const folder = mkdtempSync(join(tmpdir(), 'simul-redis-'));
    const { port, stop } = await start({ folder });
    const queue = new JobQueue<number, number>('cut', { connection: { port }, onError: () => {} });
    queue.process(async ({ data }) => data * 2, { concurrency: 4 });
    const before = await queue.addBulk(Array.from({ length: 40 }, (_, data) => ({ name: 'n', data })));
    const results = before.map((job) => job.result());
    await results[3];
    await stop();
    const adding = Array.from({ length: 10 }, (_, i) => queue.add('n', 40 + i));
    await start({ folder, port });
    for (const job of await Promise.all(adding)) results.push(job.result());
    assert.deepEqual(
      await Promise.all(results),
      Array.from({ length: 50 }, (_, data) => data * 2),
    );
    await queue.close();
    rmSync(folder, { recursive: true });
  });

  it('opens with the right password', async function () {
    this.timeout(30_000);
    const { port } = await start({ password: PASSWORD });
    const queue = new JobQueue<number, number>('open', { connection: { port, password: PASSWORD } });
    queue.process(async ({ data }) => data);
    assert.equal(await (await queue.add('n', 7)).result(), 7);
    await queue.close();
  });

  it('refuses what is no address, without a word of it', () => {
    for (const connection of [`http://${PASSWORD}@there`, `${PASSWORD}`, `redis://x/${PASSWORD}`])
      assert.throws(
        () => new JobQueue('q', { connection }),
        (error: Error) => error instanceof TypeError && !error.message.includes(PASSWORD),
      );
  });

  it('ends in order on a signal: the job under way is done, the next stays in Redis', async function () {
    this.timeout(30_000);
    const { url } = await start();
    const jobs = pathToFileURL(join(tree, 'build/runtime/jobs/jobs.js')).href;
    const child = spawn(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `import { JobQueue } from '${jobs}';
         const queue = new JobQueue('signalled', { connection: '${url}' });
         queue.closeOn('SIGTERM');
         queue.process(async ({ data }) => {
           console.log('begun', data);
           await new Promise((resolve) => process.once('SIGTERM', resolve));
           console.log('done', data);
         });`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const ended = once(child, 'close');
    const lines: string[] = [];
    const begun = new Event();
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      begun.set();
    });
    const queue = new JobQueue<string, void>('signalled', { connection: url });
    const [first] = await queue.addBulk([
      { name: 'n', data: 'a' },
      { name: 'n', data: 'b' },
    ]);
    await begun.wait();
    child.kill('SIGTERM');
    assert.deepEqual(await ended, [null, 'SIGTERM']);
    await first!.result();
    assert.deepEqual(lines, ['begun a', 'done a']);
    assert.equal((await queue.counts()).waiting, 1);
    await queue.close();
  });
});
