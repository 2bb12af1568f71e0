/**
 * A thousand jobs each way, through a real Redis, from programs that know nothing of us or of one
 * another: every attempt is joined with who asked for it, and every result with who waits for it.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, afterEach, before, beforeEach, describe, it } from 'mocha';
import type { Trace } from '../../runtime/trace/model/trace.ts';
import { NODES, PRELOAD } from '../agent/node/trace-program.ts';
import { runPython } from '../agent/python/run-python.ts';
import { isAtLeast, PYTHON, readAll } from '../agent/python/trace-python.ts';
import { beeQueueFolder } from '../machine/bee-queue.ts';
import { pythonPackages } from '../machine/python-packages.ts';
import { askRedis } from '../machine/redis-commands.ts';
import { NO_REDIS, type RedisServer, startRedis } from '../machine/redis-server.ts';
import { tree } from '../machine/tree.ts';
import { chainsOf } from '../support/job-chains.ts';

const JOBS = 1000;
/** Each tenth fails once. */
const FAILED = JOBS / 10;
const BULLMQ = pathToFileURL(join(tree, 'node_modules/bullmq/dist/cjs/index.js')).href;

const NODE_HEAD = `
import { Queue, QueueEvents, Worker } from '${BULLMQ}';
const connection = { host: '127.0.0.1', port: Number(process.env.PORT) };`;
const NODE_PRODUCER = `${NODE_HEAD}
const queue = new Queue('words', { connection });
const events = new QueueEvents('words', { connection, lastEventId: '0' });
events.setMaxListeners(0);
queue.setMaxListeners(0);
async function produce() {
  const jobs = [];
  for (let i = 0; i < ${JOBS}; i++) jobs.push(await queue.add('count', { i }, { attempts: 2 }));
  const results = await Promise.all(jobs.map((job) => job.waitUntilFinished(events)));
  return results.filter((result, i) => result === i).length;
}
console.log(await produce());
await Promise.all([queue.close(), events.close()]);`;
const NODE_WORKER = `${NODE_HEAD}
let left = ${JOBS};
const worker = new Worker('words', async function count(job) {
  if (job.data.i % 10 === 0 && job.attemptsMade === 0) throw new Error('once');
  return job.data.i;
}, { connection, concurrency: 20 });
await new Promise((resolve) => worker.on('completed', () => --left === 0 && resolve()));
await worker.close();`;
const PYTHON_WORKER = `
import asyncio, os
from bullmq import Worker
async def count(job, token):
    if job.data["i"] % 10 == 0 and job.attemptsMade == 0:
        raise ValueError("once")
    return job.data["i"]
async def main():
    done, names = asyncio.Event(), []
    def completed(job, result):
        names.append(job.id)
        if len(names) == ${JOBS}: done.set()
    worker = Worker("words", count, {"connection": {"host": "127.0.0.1", "port": int(os.environ["PORT"])}, "concurrency": 20})
    worker.on("completed", completed)
    await done.wait()
    await worker.close()
asyncio.run(main())`;
const RQ_TASKS = `
import os
def count(i, folder):
    flag = os.path.join(folder, "failed-%d" % i)
    if i % 10 == 0 and not os.path.exists(flag):
        open(flag, "w").close()
        raise ValueError("once")
    return i`;
const RQ_HEAD = `
import os, time
from redis import Redis
from rq import Queue, Retry, Worker
import tasks
connection = Redis(port=int(os.environ["PORT"]))
queue = Queue("words", connection=connection)`;
const RQ_PRODUCER = `${RQ_HEAD}
def produce():
    jobs = [queue.enqueue(tasks.count, i, os.getcwd(), retry=Retry(max=1), result_ttl=-1) for i in range(${JOBS})]
    return sum(result_of(job) == i for i, job in enumerate(jobs))
def result_of(job):
    result = job.latest_result(timeout=120)
    while result is not None and result.type != result.Type.SUCCESSFUL:
        time.sleep(0.01)
        result = job.latest_result(timeout=120)
    return result.return_value
print(produce())`;
/** It forks for each job, which takes longest of all: two of them do half of the attempts each. */
const RQ_WORKER = `${RQ_HEAD}
Worker([queue], connection=connection).work(max_jobs=${(JOBS + FAILED) / 2}, logging_level="CRITICAL")`;

const beeHead = (folder: string): string => `
import Queue from '${pathToFileURL(join(folder, 'node_modules/bee-queue/index.js')).href}';
const queue = new Queue('words', { redis: { host: '127.0.0.1', port: Number(process.env.PORT) } });`;
const BEE_PRODUCER = `
async function produce() {
  const results = [];
  for (let i = 0; i < ${JOBS}; i++) {
    const job = queue.createJob({ i }).retries(1);
    results.push(new Promise((resolve) => job.on('succeeded', resolve)));
    await job.save();
  }
  // bee-queue loses the result of a job that ends before its save is acknowledged.
  await new Promise((resolve) => queue.client.set('saved', 'all', resolve));
  return (await Promise.all(results)).filter((result, i) => result === i).length;
}
console.log(await produce());
await queue.close();`;
const BEE_WORKER = `
await queue.ready();
const saved = () => new Promise((resolve) => queue.client.get('saved', (_, value) => resolve(value)));
while ((await saved()) !== 'all');
let left = ${JOBS};
const all = new Promise((resolve) => queue.on('succeeded', () => --left === 0 && resolve()));
queue.process(20, async function count(job) {
  if (job.data.i % 10 === 0 && job.options.stacktraces.length === 0) throw new Error('once');
  return job.data.i;
});
await all;
await queue.close();`;
const ARQ_HEAD = `
import asyncio, os
from arq import Retry, Worker, create_pool
from arq.connections import RedisSettings
settings = RedisSettings(port=int(os.environ["PORT"]), conn_timeout=60)`;
const ARQ_PRODUCER = `${ARQ_HEAD}
async def produce():
    pool = await create_pool(settings)
    jobs = [await pool.enqueue_job("count", i) for i in range(${JOBS})]
    right = sum([await job.result(poll_delay=0.05) == i for i, job in enumerate(jobs)])
    await pool.aclose(close_connection_pool=True)
    return right
print(asyncio.run(produce()))`;
const ARQ_WORKER = `${ARQ_HEAD}
async def count(ctx, i):
    if i % 10 == 0 and ctx["job_try"] == 1:
        raise Retry()
    return i
async def work():
    worker = Worker([count], redis_settings=settings, handle_signals=False, poll_delay=0.01, max_jobs=20)
    working = asyncio.ensure_future(worker.async_run())
    while worker.jobs_complete < ${JOBS}: await asyncio.sleep(0.01)
    while not all(task.done() for task in worker.tasks.values()): await asyncio.sleep(0)
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    await worker.close()
asyncio.run(work())`;

describe('a thousand jobs', function () {
  this.timeout(300_000);
  let redis: RedisServer | null = null;
  let folder = '';
  before(async function () {
    redis = await startRedis();
    if (redis !== null) return;
    console.warn(NO_REDIS);
    this.skip();
  });
  after(() => redis?.stop());
  beforeEach(async () => {
    await askRedis(redis!.port, 'FLUSHALL');
    folder = mkdtempSync(join(tmpdir(), 'simul-thousand-'));
    mkdirSync(join(folder, 'recording'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const write = (name: string, source: string): string => {
    writeFileSync(join(folder, name), source);
    return join(folder, name);
  };
  const node = async (name: string, source: string): Promise<string> => {
    const { NODE_OPTIONS: _, ...env } = process.env;
    const child = spawn(NODES[0]!.path, ['--require', PRELOAD, write(name, source)], {
      env: { ...env, PORT: String(redis!.port), SIMUL_RECORDING: join(folder, 'recording') },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
    await new Promise((resolve) => child.on('close', resolve));
    return said.trim();
  };
  const python = async (name: string, source: string, packages: string): Promise<string> => {
    const env = { PORT: String(redis!.port), PYTHONPATH: packages };
    const recording = join(folder, 'recording');
    const { stdout, stderr } = await runPython({ folder, recording, env, args: [write(name, source)] }).ended;
    assert.equal(stderr, '');
    return stdout.trim();
  };

  /** @param asker who adds all jobs, and waits for their results. @param attempt its name */
  const assertJoined = (trace: Trace, asker: string, attempt = 'count'): void => {
    const chains = chainsOf(trace);
    const first = chains.filter((chain) => chain.asker === asker);
    const retries = chains.filter((chain) => chain.asker === attempt);
    const heard = chains.filter((chain) => chain.hearer === asker);
    assert.deepEqual(
      {
        attempts: chains.length,
        askedForByProducer: first.length,
        failed: chains.filter(({ outcome }) => outcome === 'error').length,
        retries: retries.length,
        results: heard.length,
        queues: trace.jobs.queues.length,
      },
      {
        attempts: JOBS + FAILED,
        askedForByProducer: JOBS,
        failed: FAILED,
        retries: FAILED,
        results: JOBS,
        queues: 1,
      },
    );
    for (const { name, enteredNs, beganNs } of chains)
      assert.ok(enteredNs <= beganNs, `${name} began at ${beganNs}, and was asked for at ${enteredNs}`);
    for (const { name, doneNs, heardNs } of heard)
      assert.ok(doneNs <= heardNs, `${name} was done at ${doneNs}, and heard of at ${heardNs}`);
  };

  it('from TypeScript through BullMQ to TypeScript are joined', async () => {
    const [said] = await Promise.all([node('producer.mjs', NODE_PRODUCER), node('worker.mjs', NODE_WORKER)]);
    assert.equal(said, String(JOBS));
    assertJoined(readAll(join(folder, 'recording')).trace, 'produce');
  });

  it('from TypeScript through BullMQ’s port to Python and back are joined', async function () {
    if (!isAtLeast(3, 10)) this.skip();
    const packages = await pythonPackages(['bullmq==3.4.4', 'redis==8.1.0'], 'bullmq==3.4.4', PYTHON);
    const [said] = await Promise.all([
      node('producer.mjs', NODE_PRODUCER),
      python('worker.py', PYTHON_WORKER, packages),
    ]);
    assert.equal(said, String(JOBS));
    assertJoined(readAll(join(folder, 'recording')).trace, 'produce');
  });

  it('from TypeScript through bee-queue to TypeScript are joined', async () => {
    const head = beeHead(await beeQueueFolder());
    const [said] = await Promise.all([
      node('producer.mjs', head + BEE_PRODUCER),
      node('worker.mjs', head + BEE_WORKER),
    ]);
    assert.equal(said, String(JOBS));
    // They are named after their queue.
    assertJoined(readAll(join(folder, 'recording')).trace, 'produce', 'words');
  });

  it('from Python through arq to Python are joined', async function () {
    if (!isAtLeast(3, 9)) this.skip();
    const packages = await pythonPackages(['arq==0.28.0', 'redis==5.0.8'], 'arq==0.28.0', PYTHON);
    const [said] = await Promise.all([
      python('producer.py', ARQ_PRODUCER, packages),
      python('worker.py', ARQ_WORKER, packages),
    ]);
    assert.equal(said, String(JOBS));
    assertJoined(readAll(join(folder, 'recording')).trace, 'produce');
  });

  it('from Python through RQ to Python are joined', async function () {
    if (!isAtLeast(3, 8)) this.skip();
    const packages = await pythonPackages(['redis==5.0.8', 'rq==1.16.2'], 'rq==1.16.2', PYTHON);
    write('tasks.py', RQ_TASKS);
    const [said] = await Promise.all([
      python('producer.py', RQ_PRODUCER, packages),
      python('worker.py', RQ_WORKER, packages),
      python('worker.py', RQ_WORKER, packages),
    ]);
    assert.equal(said, String(JOBS));
    assertJoined(readAll(join(folder, 'recording')).trace, 'producer.py');
  });
});
