/**
 * BullMQ's port to Python in programs that never heard of us, on a real Redis: flows, retries and
 * delays, joined by the same keys as in BullMQ for Node; Redis sees nothing of it.
 */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'mocha';
import { pythonPackages } from '../../machine/python-packages.ts';
import { askRedis, watchRedis } from '../../machine/redis-commands.ts';
import { NO_REDIS, type RedisServer, startRedis } from '../../machine/redis-server.ts';
import { chainLines, chainsOf } from '../../support/job-chains.ts';
import { runPython } from './run-python.ts';
import { isAtLeast, PYTHON, readAll } from './trace-python.ts';

const RELEASE = ['bullmq==3.4.4', 'redis==8.1.0'];

const HEAD = `
import asyncio, os
from bullmq import FlowProducer, Queue, Worker
from bullmq.custom_errors import DelayedError
connection = {"host": "127.0.0.1", "port": int(os.environ["PORT"])}
options = {"connection": connection}
async def handle(job, token):
    await asyncio.sleep(0.002)
    if job.name == "again" and job.attemptsMade == 0:
        raise ValueError("no answer")
    if job.name == "put off" and not job.data.get("seen"):
        await job.updateData({"seen": True})
        await job.moveToDelayed(job.timestamp, token)
        raise DelayedError("later")
    return len(job.name)
`;
const PRODUCE = `
async def produce():
    queue = Queue("words", options)
    flows = FlowProducer(options)
    await queue.add("plain", {})
    await queue.add("again", {}, {"attempts": 2, "backoff": {"type": "fixed", "delay": int(os.environ["BACKOFF_MS"])}})
    await queue.addBulk([{"name": "one", "data": {}}, {"name": "two", "data": {}}])
    part = {"name": "part", "queueName": "words", "data": {}}
    await flows.add({"name": "whole", "queueName": "words", "data": {}, "children": [part]})
    await queue.close()
    await flows.close()
asyncio.run(produce())
`;
const work = (count: number): string => `
async def work():
    names, done = [], asyncio.Event()
    def completed(job, result):
        names.append(job.name)
        if len(names) == ${count}: done.set()
    worker = Worker("words", handle, options)
    worker.on("completed", completed)
    await done.wait()
    await worker.close()
    print(sorted(names))
asyncio.run(work())
`;

describe('BullMQ’s port to Python under the agent', function () {
  this.timeout(60_000);
  let redis: RedisServer | null = null;
  let packages = '';
  let folder = '';
  before(async function () {
    const runs = isAtLeast(3, 10);
    redis = runs ? await startRedis() : null;
    if (redis === null) {
      console.warn(runs ? NO_REDIS : `${RELEASE[0]} does not run in this Python`);
      this.skip();
    }
    packages = await pythonPackages(RELEASE, RELEASE[0]!, PYTHON);
    folder = mkdtempSync(join(tmpdir(), 'simul-bullmq-'));
  });
  after(async () => {
    await redis?.stop();
    if (folder !== '') rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => askRedis(redis!.port, 'FLUSHALL'));

  let runsMade = 0;
  const run = async (source: string, recording: string | null, backoffMs = 5): Promise<string> => {
    runsMade++;
    const file = join(folder, 'program.py');
    writeFileSync(file, HEAD + source);
    const env = {
      PORT: String(redis!.port),
      PYTHONPATH: packages,
      BACKOFF_MS: String(backoffMs),
      // The order of sets.
      PYTHONHASHSEED: '0',
    };
    const { status, stdout, stderr } = await runPython({ folder, recording, env, args: [file] }).ended;
    assert.deepEqual([status, stderr], [0, '']);
    return stdout;
  };
  const recordingIn = (): string => {
    const recording = join(folder, `recording${runsMade}`);
    mkdirSync(recording);
    return recording;
  };

  it('is one chain from who adds a job over its attempts, in two processes', async () => {
    const recording = recordingIn();
    await run(PRODUCE, recording);
    const said = await run(work(6), recording);
    assert.equal(said, "['again', 'one', 'part', 'plain', 'two', 'whole']\n");
    const { trace } = readAll(recording);
    const asked = 'asked for by produce, ok, heard of by nobody';
    assert.deepEqual(chainLines(trace).sort(), [
      'again (attempt 2): asked for by again, ok, heard of by nobody',
      'again: asked for by produce, error, heard of by nobody',
      `one: ${asked}`,
      `part: ${asked}`,
      `plain: ${asked}`,
      `two: ${asked}`,
      `whole: ${asked}`,
    ]);
    assert.equal(trace.jobs.queues.length, 1);
    for (const { name, enteredNs, beganNs } of chainsOf(trace))
      assert.ok(enteredNs <= beganNs, `${name} was begun before it was asked for`);
  });

  it('takes a job that its handler puts off for no failure', async () => {
    const recording = recordingIn();
    await run(
      `async def add():
    queue = Queue("words", options)
    await queue.add("put off", {}, {"attempts": 3})
    await queue.close()
asyncio.run(add())`,
      recording,
    );
    await run(work(1), recording);
    assert.deepEqual(chainLines(readAll(recording).trace), [
      'put off: asked for by add, ok, heard of by nobody',
      'put off: asked for by put off, ok, heard of by nobody',
    ]);
  });

  it('sends Redis the same commands, traced and untraced', async () => {
    const seen: string[][] = [];
    for (const recording of [null, recordingIn()]) {
      await askRedis(redis!.port, 'FLUSHALL');
      await askRedis(redis!.port, 'SCRIPT FLUSH');
      const commands = await watchRedis(redis!.port);
      // What is due at once depends on no moment.
      await run(PRODUCE, recording, 0);
      await run(work(6), recording, 0);
      // A worker does several things at once: which comes first is not the same in two runs.
      seen.push((await commands.end()).flat().sort());
    }
    assert.ok(seen[0]!.length > 50, 'Redis was used');
    assert.deepEqual(seen[1], seen[0]);
  });
});
