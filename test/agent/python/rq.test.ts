/**
 * RQ in programs that never heard of us, on a real Redis: from who adds a job over the attempts in
 * forked work-horses to who hears of the result, and that Redis sees nothing of it.
 */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'mocha';
import { pythonPackages } from '../../machine/python-packages.ts';
import { askRedis, watchRedis } from '../../machine/redis-commands.ts';
import { NO_REDIS, type RedisServer, startRedis } from '../../machine/redis-server.ts';
import { chainLines } from '../../support/job-chains.ts';
import { runPython } from './run-python.ts';
import { isAtLeast, PYTHON, readAll, VERSION } from './trace-python.ts';

const TASKS = `
import os, signal, time
def count(text, flag=None):
    time.sleep(0.002)
    if flag and not os.path.exists(flag):
        open(flag, "w").close()
        raise ValueError("no answer")
    return len(text.split())
def whole(): return "whole"
def crash(): os.kill(os.getpid(), signal.SIGKILL)
`;
const HEAD = `
import os, sys, time
from redis import Redis
from rq import Queue, Retry, SimpleWorker, Worker
import tasks
connection = Redis(port=int(os.environ["PORT"]))
queue = Queue("words", connection=connection)
def work(kind=Worker):
    kind([queue], connection=connection).work(burst=True, logging_level="CRITICAL")
`;

const RELEASES = [
  { release: 'rq==1.16.2', redis: 'redis==5.0.8', runs: isAtLeast(3, 8) },
  { release: 'rq==3.0.0', redis: 'redis==8.1.0', runs: isAtLeast(3, 11) },
];

for (const { release, redis: client, runs } of RELEASES)
  describe(`${release} under the agent for Python`, function () {
    this.timeout(120_000);
    let redis: RedisServer | null = null;
    let packages = '';
    let folder = '';
    before(async function () {
      redis = VERSION === null || !runs ? null : await startRedis();
      if (redis === null) {
        console.warn(VERSION === null || !runs ? `${release} does not run in this Python` : NO_REDIS);
        this.skip();
      }
      packages = await pythonPackages([client, release], release, PYTHON);
      folder = mkdtempSync(join(tmpdir(), 'simul-rq-'));
      writeFileSync(join(folder, 'tasks.py'), TASKS);
    });
    after(async () => {
      await redis?.stop();
      if (folder !== '') rmSync(folder, { recursive: true, force: true });
    });

    beforeEach(() => askRedis(redis!.port, 'FLUSHALL'));

    let runsMade = 0;
    const start = (source: string, recording: string | null) => {
      const file = join(folder, `program${++runsMade}.py`);
      writeFileSync(file, HEAD + source);
      rmSync(join(folder, 'flag'), { force: true });
      const env = { PORT: String(redis!.port), PYTHONPATH: packages };
      return runPython({ folder, recording, env, args: [file] });
    };
    const recordingIn = (): string => {
      const recording = join(folder, `recording${runsMade}`);
      mkdirSync(recording);
      return recording;
    };
    const trace = async (source: string) => {
      const recording = recordingIn();
      const { status, stdout, stderr } = await start(source, recording).ended;
      assert.deepEqual([status, stderr], [0, '']);
      return { stdout, ...readAll(recording) };
    };

    const MIXED = `
def produce():
    plain = queue.enqueue(tasks.count, "to be or not")
    again = queue.enqueue(tasks.count, "to be", "flag", retry=Retry(max=2))
    later = queue.enqueue(tasks.whole, depends_on=plain)
    killed = queue.enqueue(tasks.crash)
    many = queue.enqueue_many([Queue.prepare_data(tasks.count, ("a b c",))])
    return [plain, again, later, killed, *many]
jobs = produce()
work()
print([job.latest_result().return_value for job in jobs])
`;

    it('is one chain from who adds a job over its attempts to who hears of its result', async () => {
      const { stdout, trace: folded } = await trace(MIXED);
      assert.equal(stdout, "[4, 2, 'whole', None, 3]\n");
      const main = folded.text(folded.tasks.name[0]!);
      assert.deepEqual(chainLines(folded).sort(), [
        `count (again): asked for by count, ok, heard of by ${main}`,
        `count: asked for by ${main}, error, heard of by nobody`,
        `count: asked for by ${main}, ok, heard of by ${main}`,
        `count: asked for by ${main}, ok, heard of by ${main}`,
        // Its process was killed: what it would have told, nobody has told.
        `crash: asked for by ${main}, lost, heard of by nobody`,
        `whole: asked for by ${main}, ok, heard of by ${main}`,
      ]);
    });

    it('has each attempt in the process of its horse, which the worker waits for', async () => {
      const { parts } = await trace('queue.enqueue(tasks.whole)\nwork()');
      assert.equal(parts.length, 2);
      const [worker, horse] = parts as [string, string];
      assert.match(worker, /resourceBegin .*name="words\|127\.0\.0\.1:\d+\/0 rq:queue:words" kind=job-queue/);
      assert.match(worker, /resourceBegin .*site="program\d+\.py:10:.*name="whole" kind=job$/m);
      assert.match(worker, /resourceBegin .*name="work-horse" kind=process/);
      assert.match(worker, /wait .*reason=join/);
      assert.match(horse, /activationBegin .*name="whole" .*kind=job/);
      assert.match(horse, /activationEnd .*outcome=ok/);
    });

    it('names a failure with its type and its line', async () => {
      const { parts } = await trace('queue.enqueue(tasks.count, "a", "flag")\nwork()');
      assert.match(
        parts[1]!,
        /activationEnd .*error="ValueError: no answer" site="tasks\.py:7:.*outcome=error/,
      );
    });

    it('joins a worker that does the jobs in its own process', async () => {
      const { trace: folded } = await trace('queue.enqueue(tasks.whole)\nwork(SimpleWorker)');
      const main = folded.text(folded.tasks.name[0]!);
      assert.deepEqual(chainLines(folded), [`whole: asked for by ${main}, ok, heard of by nobody`]);
    });

    it('joins a queue without workers, which does its jobs at once', async () => {
      const { stdout, trace: folded } = await trace(`
now = Queue("now", is_async=False, connection=connection)
print(now.enqueue(tasks.whole).latest_result().return_value)`);
      assert.equal(stdout, 'whole\n');
      const main = folded.text(folded.tasks.name[0]!);
      assert.deepEqual(chainLines(folded), [`whole: asked for by ${main}, ok, heard of by ${main}`]);
    });

    it('joins a producer and a worker that know nothing of each other', async () => {
      const recording = recordingIn();
      const producer = start(
        `
job = queue.enqueue(tasks.count, "to be")
print(job.latest_result(timeout=20).return_value)`,
        recording,
      );
      const worker = start(
        `
worker = Worker([queue], connection=connection)
worker.work(max_jobs=1, logging_level="CRITICAL")`,
        recording,
      );
      const [made, done] = await Promise.all([producer.ended, worker.ended]);
      assert.deepEqual([made.stdout, made.stderr, done.stderr], ['2\n', '', '']);
      const { trace: folded } = readAll(recording);
      assert.deepEqual(
        chainLines(folded).map((line) => line.replaceAll(/program\d+/g, 'program')),
        ['count: asked for by program.py, ok, heard of by program.py'],
      );
    });

    it('sends Redis the same commands, traced and untraced', async () => {
      const seen: string[][][] = [];
      for (const recording of [null, recordingIn()]) {
        const commands = await watchRedis(redis!.port);
        const { stderr, stdout } = await start(MIXED, recording).ended;
        assert.deepEqual([stdout, stderr], ["[4, 2, 'whole', None, 3]\n", '']);
        seen.push(await commands.end());
        await askRedis(redis!.port, 'FLUSHALL');
      }
      assert.ok(seen[0]!.flat().length > 50, 'Redis was used');
      assert.deepEqual(seen[1], seen[0]);
    });
  });
