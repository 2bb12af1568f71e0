/**
 * bee-queue in programs that never heard of us, on a real Redis: from who saves a job over its
 * attempts to who listens to it; the program and Redis see nothing of it.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, afterEach, before, beforeEach, describe, it } from 'mocha';
import { beeQueueFolder } from '../../../machine/bee-queue.ts';
import { askRedis, watchRedis } from '../../../machine/redis-commands.ts';
import { NO_REDIS, type RedisServer, startRedis } from '../../../machine/redis-server.ts';
import { chainLines, chainsOf } from '../../../support/job-chains.ts';
import { readAll } from '../../python/trace-python.ts';
import { NODES, PRELOAD } from '../trace-program.ts';

const PRODUCE = `
const queue = queueOf({ isWorker: false, getEvents: false });
async function produce() {
  const plain = queue.createJob('to be');
  await plain.save();
  await queue.createJob('again').retries(1).backoff('fixed', 30).save();
  await queue.createJob('later').delayUntil(Date.now() + 40).save();
  await queue.saveAll([queue.createJob('one'), queue.createJob('two')]);
  // There is such a job already.
  console.log((await queue.createJob('to be').setId(plain.id).save()).id);
}
await produce();
await queue.close();`;
const WORK = `
const queue = queueOf({});
const done = [];
const all = new Promise((resolve) => queue.on('succeeded', (job) => done.push(job.data) === 5 && resolve()));
queue.process(async function count(job) {
  if (job.data === 'again' && job.options.stacktraces.length === 0) throw new RangeError('no answer');
  return job.data.length;
});
await all;
await queue.close();
console.log(done.sort().join());`;

/** Scripts are loaded as they are read; how often it looks for what is due hangs on the moment. */
function steady(commands: readonly string[]): string[] {
  const isLook = (command: string): boolean =>
    /^"(?:evalsha|zrangebyscore)" .*bq:words:delayed/.test(command);
  const looks = new Set(commands.filter(isLook));
  return [...looks, ...commands.filter((command) => !isLook(command))].sort();
}

for (const { name, path: node } of NODES)
  describe(`bee-queue in a program on ${name}`, function () {
    this.timeout(60_000);
    let redis: RedisServer | null = null;
    let packages = '';
    let folder = '';
    before(async function () {
      redis = await startRedis();
      if (redis === null) {
        console.warn(NO_REDIS);
        this.skip();
      }
      packages = await beeQueueFolder();
    });
    after(() => redis?.stop());
    beforeEach(async () => {
      await askRedis(redis!.port, 'FLUSHALL');
      folder = mkdtempSync(join(tmpdir(), 'simul-bee-'));
      mkdirSync(join(folder, 'recording'));
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    const run = async (file: string, body: string, isTraced = true) => {
      const bee = pathToFileURL(join(packages, 'node_modules/bee-queue/index.js')).href;
      const program = join(folder, file);
      writeFileSync(
        program,
        `import Queue from '${bee}';
const queueOf = (settings) => new Queue('words', { redis: { host: '127.0.0.1', port: Number(process.env.PORT) }, activateDelayedJobs: true, delayedDebounce: 1, ...settings });
${body}`,
      );
      const { NODE_OPTIONS: _, ...env } = process.env;
      const child = spawn(node, [...(isTraced ? ['--require', PRELOAD] : []), program], {
        env: { ...env, PORT: String(redis!.port), SIMUL_RECORDING: join(folder, 'recording') },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let [stdout, stderr] = ['', ''];
      child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
      const code = await new Promise((resolve) => child.on('close', resolve));
      return { stdout, stderr, code };
    };
    const readTrace = () => readAll(join(folder, 'recording'));

    it('is one chain from who saves a job over its attempts, in two programs', async () => {
      const [produced, worked] = await Promise.all([run('producer.mjs', PRODUCE), run('worker.mjs', WORK)]);
      assert.deepEqual(
        [produced, worked],
        [
          { stdout: 'null\n', stderr: '', code: 0 },
          { stdout: 'again,later,one,to be,two\n', stderr: '', code: 0 },
        ],
      );
      const { trace, parts } = readTrace();
      const plain = 'words: asked for by produce, ok, heard of by nobody';
      assert.deepEqual(chainLines(trace).sort(), [
        'words (attempt 2): asked for by words, ok, heard of by nobody',
        'words: asked for by produce, error, heard of by nobody',
        plain,
        plain,
        plain,
        plain,
      ]);
      assert.equal(trace.jobs.queues.length, 1);
      for (const chain of chainsOf(trace))
        assert.ok(chain.enteredNs <= chain.beganNs, `${chain.name} was begun before it was asked for`);
      const text = parts.join('\n');
      assert.match(text, /name="words\|127\.0\.0\.1:\d+\/0 bq:words" kind=job-queue/);
      assert.match(text, /resourceBegin .*site="producer\.mjs:7:.*name="words" kind=job/);
      // Saved together: their line is that of the call.
      assert.equal(text.match(/resourceBegin .*site="producer\.mjs:10:.*name="words" kind=job/g)?.length, 2);
      assert.match(text, /activationEnd .*error="RangeError" outcome=error/);
      assert.match(text, /use .*forMs=30 how=delays/);
      // An attempt waits for its handler, and nothing comes between.
      const worker = parts.find((part) => part.includes('name="count"'))!;
      const [, attempt] = /activationBegin id=(\d+) .*name="words" .*kind=job/.exec(worker)!;
      const [, handler] = new RegExp(`wait id=${attempt} for=(\\d+) `).exec(worker)!;
      assert.match(worker, new RegExp(`activationBegin id=${handler} parent=${attempt} .*name="count"`));
    });

    it('goes on to who listens to the job', async () => {
      const { stdout } = await run(
        'program.mjs',
        `const queue = queueOf({});
        async function ask(data) {
          const job = queue.createJob(data);
          const heard = new Promise((resolve) => job.on('succeeded', resolve).on('failed', resolve));
          await job.save();
          return heard;
        }
        queue.process(2, async (job) => {
          if (job.data === 'broken') throw new RangeError('no answer');
          return job.data.length;
        });
        await queue.ready();
        await queue.createJob('nobody listens').save();
        console.log(await ask('to be'), String(await ask('broken')));
        await queue.close();`,
      );
      assert.equal(stdout, '5 Error: no answer\n');
      assert.deepEqual(chainLines(readTrace().trace).sort(), [
        'words: asked for by <module>, ok, heard of by nobody',
        'words: asked for by ask, error, heard of by ask',
        'words: asked for by ask, ok, heard of by ask',
      ]);
    });

    it('tells a job that another worker takes over', async () => {
      const { stdout } = await run(
        'program.mjs',
        `const held = queueOf({ stallInterval: 20 });
        let release;
        const isHeld = new Promise((resolve) =>
          held.process(() => new Promise((done) => { release = done; resolve(); })));
        await held.createJob('to be').save();
        await isHeld;
        // It does not tell any more that it lives.
        held._isClosed = true;
        const other = queueOf({ stallInterval: 20 });
        const done = new Promise((resolve) => other.on('succeeded', resolve));
        other.process(async () => 'done');
        await other.ready();
        other.checkStalledJobs(20);
        await done;
        held._isClosed = false;
        release('late');
        await Promise.all([held.close(), other.close()]);
        console.log('over');`,
      );
      assert.equal(stdout, 'over\n');
      const { trace } = readTrace();
      const attempts = chainsOf(trace);
      assert.equal(attempts.length, 2);
      const rows = Array.from({ length: trace.tasks.count }, (_, row) => row);
      const taken = rows.filter((row) => trace.jobs.takenOverFrom(row) >= 0);
      assert.equal(taken.length, 1);
    });

    it('leaves failures that nobody handles, names, texts and stacks as they are', async () => {
      const body = `
        const queue = queueOf({});
        process.on('unhandledRejection', (error) => console.log('unhandled', error.message));
        queue.process(async function handle(job) {
          const lines = new Error('here').stack.split('\\n').map((line) => line.replace(/\\(.*\\)|:\\d+:\\d+/g, '').trim());
          console.log(lines.join('|'));
        });
        console.log(queue.handler.name, queue.handler.length, String(queue.handler), Queue.prototype.process.length, String(Queue.prototype._finishJob).length, Object.keys(queue).join());
        const done = new Promise((resolve) => queue.on('succeeded', resolve));
        await queue.createJob('to be').save();
        await done;
        await queue.close();
        void queue.createJob('late').save();`;
      const untraced = await run('program.mjs', body, false);
      const traced = await run('program.mjs', body);
      assert.match(untraced.stdout, /unhandled closed/);
      assert.deepEqual(traced, untraced);
    });

    it('sends Redis the same commands, traced and untraced', async () => {
      const seen: string[][] = [];
      for (const isTraced of [false, true]) {
        await askRedis(redis!.port, 'FLUSHALL');
        await askRedis(redis!.port, 'SCRIPT FLUSH');
        const commands = await watchRedis(redis!.port);
        for (const [file, body] of [
          ['producer.mjs', PRODUCE],
          ['worker.mjs', WORK],
        ] as const)
          await run(file, body, isTraced);
        const sent = (await commands.end()).map((each) => steady(each).join('\n'));
        seen.push(sent.sort((a, b) => a.localeCompare(b)));
      }
      assert.ok(seen[0]!.join('\n').split('\n').length > 30, 'Redis was used');
      assert.deepEqual(seen[1], seen[0]);
    });
  });
