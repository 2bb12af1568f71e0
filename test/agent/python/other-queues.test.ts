/**
 * dramatiq and Celery in programs that never heard of us, on a real Redis: who sends a message, the
 * attempts at it in the worker, and that Redis sees nothing of it.
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

interface QueuePackage {
  readonly name: string;
  readonly packages: readonly string[];
  /** Both programs import it. */
  readonly tasks: string;
  readonly producer: string;
  /** Ends when three jobs are done, and says which. */
  readonly worker: string;
  /** What each connection sends, without what hangs on the moment. */
  readonly steady: (commands: string[][]) => string[][];
}

const DRAMATIQ: QueuePackage = {
  name: 'dramatiq',
  packages: ['dramatiq==2.2.1', 'redis==5.0.8'],
  tasks: `
import logging, os, time
import dramatiq
from dramatiq.brokers.redis import RedisBroker
logging.disable(logging.CRITICAL)
broker = RedisBroker(host="127.0.0.1", port=int(os.environ["PORT"]))
dramatiq.set_broker(broker)
seen = []
@dramatiq.actor(max_retries=1, min_backoff=10)
def count(text):
    if text == "again" and text not in seen:
        seen.append(text)
        raise ValueError("no answer")
    seen.append("done " + text)`,
  producer: `
import tasks
tasks.count.send("to be")
tasks.count.send("again")
tasks.count.send_with_options(args=("later",), delay=30)`,
  worker: `
import time
import dramatiq, tasks
worker = dramatiq.Worker(tasks.broker, worker_timeout=50, worker_threads=1)
worker.start()
while sum(each.startswith("done") for each in tasks.seen) < 3: time.sleep(0.01)
worker.stop()
tasks.broker.close()
print(sorted(tasks.seen))`,
  // Any thread takes any connection, and asks again and again for as many as there is room for.
  steady: (commands) => {
    // What is in small letters its script in Redis does.
    const sent = commands.flat().filter((command) => !/^"?[a-z]/.test(command));
    // Whether it tidies up, too, is drawn by lot.
    const all = sent.map((command) => command.replace(/("604800000" )"[01]"/, '$1"LOT"'));
    const polls = all.filter((command) => command.includes('"fetch"'));
    const names = polls.map((command) => command.replace(/"\d+"$/, '"MANY"'));
    return [[...new Set(names), ...all.filter((command) => !polls.includes(command))].sort()];
  },
};
const CELERY: QueuePackage = {
  name: 'Celery',
  packages: ['celery==5.7.0', 'redis==8.1.0'],
  tasks: `
import os
from celery import Celery
url = "redis://127.0.0.1:%s/0" % os.environ["PORT"]
app = Celery("tasks", broker=url, backend=url)
app.conf.worker_hijack_root_logger = False
@app.task(bind=True, max_retries=2, ignore_result=True)
def count(self, text):
    if text == "again" and self.request.retries == 0:
        raise self.retry(exc=ValueError("no answer"), countdown=0)`,
  producer: `
import tasks
tasks.count.delay("to be")
tasks.count.delay("again")
tasks.count.apply_async(("later",), countdown=0.05)`,
  worker: `
import logging, warnings
logging.disable(logging.CRITICAL)
warnings.simplefilter("ignore")
import tasks
from celery.signals import task_success
done = []
worker = tasks.app.Worker(pool="solo", loglevel="CRITICAL", quiet=True, without_mingle=True, without_gossip=True)
@task_success.connect
def note(sender=None, **_):
    done.append("done " + sender.request.args[0])
    if len(done) == 3:
        print(sorted(done + ["again"]))
        raise SystemExit(0)
worker.start()`,
  steady: (commands) => commands,
};

for (const { name, packages, tasks, producer, worker, steady } of [DRAMATIQ, CELERY])
  describe(`${name} under the agent for Python`, function () {
    this.timeout(120_000);
    let redis: RedisServer | null = null;
    let site = '';
    let folder = '';
    before(async function () {
      const runs = isAtLeast(3, 10);
      redis = runs ? await startRedis() : null;
      if (redis === null) {
        console.warn(runs ? NO_REDIS : `${packages[0]} does not run in this Python`);
        this.skip();
      }
      site = await pythonPackages(packages, name, PYTHON);
      folder = mkdtempSync(join(tmpdir(), 'simul-queues-'));
      for (const [file, text] of Object.entries({ tasks, producer, worker }))
        writeFileSync(join(folder, `${file}.py`), text);
    });
    after(async () => {
      await redis?.stop();
      if (folder !== '') rmSync(folder, { recursive: true, force: true });
    });
    beforeEach(() => askRedis(redis!.port, 'FLUSHALL'));

    const run = async (program: string, recording: string | null): Promise<string> => {
      const env = { PORT: String(redis!.port), PYTHONPATH: site };
      const { status, stdout, stderr } = await runPython({ folder, recording, env, args: [`${program}.py`] })
        .ended;
      assert.deepEqual([status, stderr], [0, '']);
      return stdout;
    };

    it('is one chain from who sends a message over its attempts, in two programs', async () => {
      assert.equal(await run('producer', null), '');
      const untraced = await run('worker', null);
      const recording = join(folder, 'recording');
      mkdirSync(recording);
      await run('producer', recording);
      assert.equal(await run('worker', recording), untraced);
      const { trace } = readAll(recording);
      assert.deepEqual(chainLines(trace).sort(), [
        'count (attempt 2): asked for by count, ok, heard of by nobody',
        'count: asked for by producer.py, error, heard of by nobody',
        'count: asked for by producer.py, ok, heard of by nobody',
        'count: asked for by producer.py, ok, heard of by nobody',
      ]);
      assert.equal(trace.jobs.queues.length, 1);
      for (const { name: attempt, enteredNs, beganNs } of chainsOf(trace))
        assert.ok(enteredNs <= beganNs, `${attempt} was begun before it was asked for`);
    });

    it('sends Redis the same commands, traced and untraced', async () => {
      const recording = join(folder, 'watched');
      mkdirSync(recording);
      const seen: string[][][] = [];
      for (const traced of [null, recording]) {
        await askRedis(redis!.port, 'FLUSHALL');
        await askRedis(redis!.port, 'SCRIPT FLUSH');
        const commands = await watchRedis(redis!.port);
        for (const program of ['producer', 'worker']) await run(program, traced);
        seen.push(steady(await commands.end()));
      }
      assert.ok(seen[0]!.flat().length > 10, 'Redis was used');
      assert.deepEqual(seen[1], seen[0]);
    });
  });
