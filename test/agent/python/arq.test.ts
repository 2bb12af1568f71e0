/**
 * arq in programs that never heard of us, on a real Redis: from who adds a job over its attempts to
 * who reads the result; Redis sees nothing of it.
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

const RELEASE = ['arq==0.28.0', 'redis==5.0.8'];

const HEAD = `
import asyncio, logging, os, sys
from datetime import datetime, timedelta, timezone
from arq import create_pool, cron, Retry, Worker
from arq.connections import RedisSettings
logging.disable(logging.CRITICAL)
settings = RedisSettings(host="127.0.0.1", port=int(os.environ["PORT"]), conn_timeout=60)
async def count(ctx, text):
    await asyncio.sleep(0.002)
    if text == "again" and ctx["job_try"] == 1:
        raise Retry(defer=0.01)
    if text == "broken":
        raise ValueError("no answer")
    return len(text.split())
async def forever_not(ctx): pass
async def forever(ctx):
    await asyncio.Event().wait()
def fail(error):
    print("the worker ended:", repr(error), flush=True)
    os._exit(1)
def worker(**options):
    return Worker([count, forever], redis_settings=settings, handle_signals=False, poll_delay=0.01, **options)
`;
const PRODUCE = `
async def produce():
    pool = await create_pool(settings)
    await pool.enqueue_job("count", "to be", _job_id="a")
    # It is there already.
    assert await pool.enqueue_job("count", "to be", _job_id="a") is None
    await pool.enqueue_job("count", "again", _job_id="b")
    await pool.enqueue_job("count", "broken", _job_id="c")
    await pool.enqueue_job("count", "later", _job_id="d", _defer_by=0.03)
    await pool.aclose(close_connection_pool=True)
asyncio.run(produce())
`;
const WORK = `
async def work():
    one = worker(burst=True)
    await one.async_run()
    await one.close()
    print(one.jobs_complete, one.jobs_failed, one.jobs_retried)
asyncio.run(work())
`;

/** arq looks again and again which jobs are due: how often hangs on the moment. */
function withPollsOnce(commands: readonly string[]): string[] {
  const isPoll = (command: string): boolean =>
    /^"(?:ZCARD|ZRANGEBYSCORE|WATCH|EXISTS|ZSCORE|UNWATCH)"|^ping$/.test(command);
  // How many were done when it told that it lives hangs on the moment, too.
  const others = commands.filter((command) => !isPoll(command));
  const told = others.map((command) => command.replaceAll(/\b(j_\w+|queued)=\d+/g, '$1=TOLD'));
  return [...new Set(commands.filter(isPoll)), ...told];
}

describe('arq under the agent for Python', function () {
  this.timeout(120_000);
  let redis: RedisServer | null = null;
  let packages = '';
  let folder = '';
  before(async function () {
    const runs = isAtLeast(3, 9);
    redis = runs ? await startRedis() : null;
    if (redis === null) {
      console.warn(runs ? NO_REDIS : `${RELEASE[0]} does not run in this Python`);
      this.skip();
    }
    packages = await pythonPackages(RELEASE, RELEASE[0]!, PYTHON);
    folder = mkdtempSync(join(tmpdir(), 'simul-arq-'));
  });
  after(async () => {
    await redis?.stop();
    if (folder !== '') rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => askRedis(redis!.port, 'FLUSHALL'));

  let runsMade = 0;
  const run = async (source: string, recording: string | null): Promise<string> => {
    runsMade++;
    const file = join(folder, 'program.py');
    writeFileSync(file, HEAD + source);
    const env = { PORT: String(redis!.port), PYTHONPATH: packages };
    const { status, stdout, stderr } = await runPython({ folder, recording, env, args: [file] }).ended;
    assert.deepEqual([status, stderr], [0, '']);
    return stdout;
  };
  const recordingIn = (): string => {
    const recording = join(folder, `recording${runsMade}`);
    mkdirSync(recording);
    return recording;
  };
  /** The output of a run of both, a worker and who waits for it, and its trace. */
  const together = async (body: string, options = '') => {
    const source = `
async def both():
    pool = await create_pool(settings)
    one = worker(${options})
    working = asyncio.ensure_future(one.async_run())
    working.add_done_callback(lambda done: done.cancelled() or fail(done.exception()))
${body.replaceAll(/^/gm, '    ')}
    # What it cancels in the middle it would do again.
    while not all(task.done() for task in one.tasks.values()): await asyncio.sleep(0)
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    await one.close()
    await pool.aclose(close_connection_pool=True)
asyncio.run(both())`;
    const untraced = await run(source, null);
    await askRedis(redis!.port, 'FLUSHALL');
    const recording = recordingIn();
    assert.equal(await run(source, recording), untraced);
    return { stdout: untraced, ...readAll(recording) };
  };

  it('is one chain from who adds a job over its attempts, in two programs', async () => {
    const recording = recordingIn();
    await run(PRODUCE, recording);
    assert.equal(await run(WORK, recording), '3 1 1\n');
    const { trace, parts } = readAll(recording);
    assert.deepEqual(chainLines(trace).sort(), [
      'count (attempt 2): asked for by count, ok, heard of by nobody',
      'count: asked for by produce, error, heard of by nobody',
      'count: asked for by produce, error, heard of by nobody',
      'count: asked for by produce, ok, heard of by nobody',
      'count: asked for by produce, ok, heard of by nobody',
    ]);
    assert.equal(trace.jobs.queues.length, 1);
    for (const { name, enteredNs, beganNs } of chainsOf(trace))
      assert.ok(enteredNs <= beganNs, `${name} was begun before it was asked for`);
    const [produced, worked] = parts as [string, string];
    assert.match(produced, /resourceBegin .*name="arq:queue\|127\.0\.0\.1:\d+\/0 arq:arq:queue"/);
    assert.match(produced, /use .*site="program\.py:31:.* forMs=30 how=delays/);
    assert.match(
      worked,
      /activationEnd .*error="ValueError: no answer" site="program\.py:13:.*outcome=error/,
    );
  });

  it('goes on to who reads the result, also where that is a failure', async () => {
    const { stdout, trace } = await together(`
async def ask(text, **options):
    job = await pool.enqueue_job("count", text, **options)
    try:
        return await job.result(poll_delay=0.01)
    except ValueError as error:
        return str(error)
print(await asyncio.gather(ask("to be"), ask("again"), ask("broken")))`);
    assert.equal(stdout, "[2, 1, 'no answer']\n");
    assert.deepEqual(chainLines(trace).sort(), [
      'count (attempt 2): asked for by count, ok, heard of by ask',
      'count: asked for by ask, error, heard of by ask',
      'count: asked for by ask, error, heard of by nobody',
      'count: asked for by ask, ok, heard of by ask',
    ]);
  });

  it('tells a job that is aborted, before or within its attempt', async () => {
    const { stdout, trace, parts } = await together(
      `
job = await pool.enqueue_job("forever")
while await job.status() != "in_progress" or not one.job_tasks: await asyncio.sleep(0)
later = await pool.enqueue_job("count", "later", _defer_by=60)
print(await job.abort(poll_delay=0.01), await later.abort(poll_delay=0.01))`,
      'allow_abort_jobs=True',
    );
    assert.equal(stdout, 'True True\n');
    assert.deepEqual(chainLines(trace).sort(), [
      'count: asked for by both, error, heard of by both',
      'forever: asked for by both, error, heard of by both',
    ]);
    assert.equal(parts.join('').match(/activationEnd .*error="CancelledError.*outcome=error/g)?.length, 2);
  });

  it('tells what arq refuses to begin', async () => {
    const { parts, trace } = await together(
      `
for job in [await pool.enqueue_job("unknown"), await pool.enqueue_job("count", "again", _job_try=7)]:
    try:
        await job.result(poll_delay=0.01)
    except Exception as error:
        print(error)`,
    );
    assert.deepEqual(chainLines(trace).sort(), [
      'count: asked for by both, error, heard of by both',
      'unknown: asked for by both, error, heard of by both',
    ]);
    assert.match(parts.join(''), /error="JobExecutionFailed: function 'unknown' not found"/);
    assert.match(parts.join(''), /error="JobExecutionFailed: max 5 retries exceeded"/);
  });

  it('knows a job whose id comes again from the one before', async () => {
    const { stdout, trace } = await together(
      `
for text in ["to be", "or not to be"]:
    job = await pool.enqueue_job("count", text, _job_id="same")
    print(await job.result(poll_delay=0.01))
    # What is kept of it is let go of.
    await pool.delete("arq:result:same")`,
    );
    assert.equal(stdout, '2\n4\n');
    const [first, second] = chainsOf(trace);
    assert.deepEqual([first!.asker, second!.asker], ['both', 'both']);
    assert.ok(first!.beganNs <= second!.enteredNs, 'the second was asked for after the first');
  });

  it('joins what the clock of the worker asks for', async () => {
    const { trace } = await together(
      `
while not one.jobs_complete: await asyncio.sleep(0.01)`,
      `cron_jobs=[cron(forever_not, run_at_startup=True, hour=0, minute=0, unique=False)]`,
    );
    assert.deepEqual(chainLines(trace), [
      'cron:forever_not: asked for by ArqRedis.enqueue_job, ok, heard of by nobody',
    ]);
  });

  it('sends Redis the same commands, traced and untraced', async () => {
    const seen: string[][] = [];
    for (const recording of [null, recordingIn()]) {
      await askRedis(redis!.port, 'FLUSHALL');
      const commands = await watchRedis(redis!.port);
      await run(PRODUCE, recording);
      await run(WORK, recording);
      seen.push(withPollsOnce((await commands.end()).flat()).sort());
    }
    assert.ok(seen[0]!.length > 50, 'Redis was used');
    assert.deepEqual(seen[1], seen[0]);
  });
});
