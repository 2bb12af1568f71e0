/**
 * What a job queue promises, once for each of its engines: in this process, and through a Redis
 * that the test starts. Where the engines differ, the row says so.
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'mocha';
import { type ActiveJob, JobFailed, JobQueue, JobRemoved } from '../../runtime/jobs/jobs.ts';
import { QueueClosed } from '../../runtime/sync/errors.ts';
import { Event } from '../../runtime/sync/event.ts';
import { sleep } from '../../runtime/tasks/time/clock.ts';
import { NO_REDIS, type RedisServer, startRedis } from '../machine/redis-server.ts';

/** Nothing is told beside the calls, unless a test says so. */
const onError = (error: Error): never => {
  throw error;
};

let lastQueue = 0;

for (const engine of ['in this process', 'through Redis'] as const) {
  describe(`a job queue ${engine}`, () => {
    const isRedis = engine === 'through Redis';
    let redis: RedisServer | null = null;
    const queues: JobQueue<never, unknown>[] = [];

    before(async function () {
      this.timeout(20_000);
      if (!isRedis) return;
      redis = await startRedis();
      if (redis === null) {
        console.warn(NO_REDIS);
        this.skip();
      }
    });
    afterEach(async () => {
      await Promise.all(queues.splice(0).map((queue) => queue.close()));
    });
    after(() => redis?.stop());

    const open = <Data, Result>(name = `queue${++lastQueue}`): JobQueue<Data, Result> => {
      const options = redis === null ? {} : { connection: redis.url };
      const queue = new JobQueue<Data, Result>(name, { ...options, onError });
      queues.push(queue as unknown as JobQueue<never, unknown>);
      return queue;
    };

    it('gives the handler the job, and the result to whoever added it', async () => {
      const queue = open<{ readonly text: string }, number>();
      const seen: unknown[] = [];
      queue.process(async ({ id, name, data, attempt }) => {
        seen.push({ id, name, data, attempt });
        return data.text.split(' ').length;
      });
      const job = await queue.add('count', { text: 'to be or not to be' });
      assert.equal(await job.result(), 6);
      assert.equal(await job.result(), 6, 'also when it is asked for later');
      assert.deepEqual(seen, [
        { id: job.id, name: 'count', data: { text: 'to be or not to be' }, attempt: 1 },
      ]);
    });

    it('takes a coroutine and an ordinary function as handlers', async () => {
      const coroutine = open<number, number>();
      coroutine.process(function* ({ data }: ActiveJob<number>) {
        yield* sleep(1);
        return data + 1;
      });
      const ordinary = open<number, number>();
      ordinary.process(({ data }) => data + 2);
      const jobs = [await coroutine.add('a', 1), await ordinary.add('b', 1)];
      assert.deepEqual(await Promise.all(jobs.map((job) => job.result())), [2, 3]);
    });

    it('does jobs that were added before anybody did them', async () => {
      const queue = open<number, number>();
      const [first, second] = await queue.addBulk([
        { name: 'n', data: 1 },
        { name: 'n', data: 2 },
      ]);
      assert.deepEqual(await queue.counts(), { waiting: 2, delayed: 0, active: 0, waitingChildren: 0 });
      queue.process(async ({ data }) => data * 10);
      assert.deepEqual([await first!.result(), await second!.result()], [10, 20]);
    });

    it('tries again as often as was asked for, and counts the attempts', async () => {
      const queue = open<null, string>();
      const attempts: number[] = [];
      queue.process(async ({ attempt }) => {
        attempts.push(attempt);
        if (attempt < 3) throw new Error(`not at attempt ${attempt}`);
        return 'done';
      });
      const job = await queue.add('flaky', null, { attempts: 3, backoff: { type: 'exponential', delay: 5 } });
      assert.equal(await job.result(), 'done');
      assert.deepEqual(attempts, [1, 2, 3]);
    });

    it('fails with the error of the last attempt, its name and its stack', async () => {
      const queue = open();
      queue.process(async function failing({ attempt }) {
        throw new RangeError(`attempt ${attempt} failed`);
      });
      const job = await queue.add('hopeless', null, { attempts: 2 });
      await assert.rejects(job.result(), (error: Error) => {
        assert.equal(error.name, 'RangeError');
        assert.equal(error.message, 'attempt 2 failed');
        assert.match(error.stack!, /failing.*both-engines\.test/s);
        // The same object in this process; an error of the base class through Redis.
        assert.equal(error instanceof RangeError, !isRedis);
        return true;
      });
    });

    it('holds a job back for its delay', async () => {
      const queue = open<string, void>();
      const order: string[] = [];
      queue.process(async ({ data }) => void order.push(data));
      const late = await queue.add('n', 'late', { delay: 150 });
      const early = await queue.add('n', 'early');
      await early.result();
      assert.equal((await queue.counts()).delayed, 1);
      await late.result();
      assert.deepEqual(order, ['early', 'late']);
    });

    it('does jobs by priority, equal ones as they came, and those without one first', async () => {
      const queue = open<string, void>();
      const order: string[] = [];
      for (const [data, priority] of [
        ['last', 9],
        ['b1', 2],
        ['b2', 2],
        ['a', 1],
        ['none', 0],
      ] as const)
        await queue.add('n', data, { priority });
      queue.process(async ({ data }) => void order.push(data));
      const end = await queue.add('n', 'end', { priority: 10 });
      await end.result();
      assert.deepEqual(order, ['none', 'a', 'b1', 'b2', 'last', 'end']);
    });

    it('does as many at once as it may', async () => {
      const queue = open<null, void>();
      let running = 0;
      let most = 0;
      queue.process(
        async () => {
          most = Math.max(most, ++running);
          await sleep(20);
          running--;
        },
        { concurrency: 3 },
      );
      const jobs = await queue.addBulk(Array.from({ length: 8 }, () => ({ name: 'n', data: null })));
      await Promise.all(jobs.map((job) => job.result()));
      assert.equal(most, 3);
    });

    it('begins no more in a stretch of time than its limit', async () => {
      const queue = open<null, number>();
      queue.process(async () => performance.now(), { concurrency: 4, limit: { max: 2, per: 300 } });
      const jobs = await queue.addBulk(Array.from({ length: 4 }, () => ({ name: 'n', data: null })));
      const starts = (await Promise.all(jobs.map((job) => job.result()))).sort((a, b) => a - b);
      // The stretch begins with its first job, on the clock of Redis.
      assert.ok(starts[2]! - starts[0]! >= 250, `third after ${starts[2]! - starts[0]!} ms`);
    });

    it('tells how far a job is', async () => {
      const queue = open<null, void>();
      const begin = new Event();
      const heard: unknown[] = [];
      const both = new Event();
      queue.process(async (job) => {
        await begin.wait();
        await job.progress(50);
        await job.progress({ step: 'last' });
      });
      const job = await queue.add('slow', null);
      job.onProgress((value) => {
        heard.push(value);
        if (heard.length === 2) both.set();
      });
      begin.set();
      await job.result();
      await both.wait();
      assert.deepEqual(heard, [50, { step: 'last' }]);
    });

    it('begins nothing while it is paused, and goes on when it is resumed', async () => {
      const queue = open<string, string>();
      const done: string[] = [];
      queue.process(async ({ data }) => {
        done.push(data);
        return data;
      });
      await queue.pause();
      const job = await queue.add('n', 'later');
      assert.equal((await queue.counts()).waiting, 1);
      assert.deepEqual(done, []);
      await queue.resume();
      assert.equal(await job.result(), 'later');
    });

    it('takes out what has not begun when it is drained', async () => {
      const queue = open<null, void>();
      const waiting = await queue.add('n', null);
      const delayed = await queue.add('n', null, { delay: 60_000 });
      const results = [waiting, delayed].map((job) => assert.rejects(job.result(), JobRemoved));
      await queue.drain();
      await Promise.all(results);
      assert.deepEqual(await queue.counts(), { waiting: 0, delayed: 0, active: 0, waitingChildren: 0 });
    });

    it('adds no second job under an id that it knows', async () => {
      const queue = open<number, number>();
      const first = await queue.add('n', 1, { id: 'only' });
      const second = await queue.add('n', 2, { id: 'only' });
      assert.equal(second.id, 'only');
      assert.equal((await queue.counts()).waiting, 1);
      queue.process(async ({ data }) => data);
      assert.deepEqual([await first.result(), await second.result()], [1, 1]);
    });

    it('begins a job when its children are done, and gives it their results', async () => {
      const pages = open<string, number>();
      const sums = open<null, unknown>();
      pages.process(async ({ data }) => data.length, { concurrency: 2 });
      sums.process(async (job) => {
        const results = await job.childResults();
        assert.ok(Object.keys(results).every((key) => key.startsWith(`${pages.name}:`)));
        return Object.values(results)
          .map(Number)
          .sort((a, b) => a - b);
      });
      const sum = await sums.addFlow({
        name: 'sum',
        data: null,
        children: ['a', 'bb', 'ccc'].map((data) => ({ name: 'page', data, queue: pages as never })),
      });
      assert.deepEqual(await sum.result(), [1, 2, 3]);
    });

    it('fails a job whose child failed in all its attempts', async () => {
      const queue = open();
      const begun: string[] = [];
      queue.process(async ({ name }) => {
        begun.push(name);
        if (name === 'child') throw new Error('no answer');
      });
      const whole = await queue.addFlow({
        name: 'parent',
        data: null,
        children: [{ name: 'child', data: null }],
      });
      await assert.rejects(whole.result(), (error: Error) => {
        assert.ok(error instanceof JobFailed, error.stack);
        assert.match(error.message, /child/);
        return true;
      });
      assert.deepEqual(begun, ['child']);
    });

    it('repeats a job until its limit, and until it is told to stop', async () => {
      const queue = open<string, void>();
      const times: string[] = [];
      const enough = new Event();
      const endless = new Event();
      let ticks = 0;
      queue.process(async ({ name }) => {
        times.push(name);
        if (name === 'thrice' && times.filter((time) => time === 'thrice').length === 3) enough.set();
        if (name === 'tick' && ++ticks === 2) endless.set();
      });
      await queue.repeat('a', { name: 'thrice', data: '' }, { every: 20, limit: 3 });
      await queue.repeat('b', { name: 'tick', data: '' }, { every: 30 });
      await Promise.all([enough.wait(), endless.wait()]);
      assert.equal(await queue.stopRepeating('b'), true);
      assert.equal(await queue.stopRepeating('b'), false);
      assert.equal(times.filter((time) => time === 'thrice').length, 3);
    });

    for (const kind of ['threads', 'processes'] as const)
      it(`does jobs in ${kind}, with progress, attempts and stacks`, async function () {
        this.timeout(30_000);
        const module = new URL('./handlers.js', import.meta.url);
        const count = open<
          { readonly text: string },
          { words: number; pid: number; isMainThread: boolean }
        >();
        count.process({ module, export: 'countWords', kind });
        const job = await count.add('count', { text: 'to be or not' });
        const heard = new Event();
        let progress: unknown;
        job.onProgress((value) => {
          progress = value;
          heard.set();
        });
        const { words, pid, isMainThread } = await job.result();
        await heard.wait();
        assert.deepEqual([words, progress], [4, { seen: 12 }]);
        assert.equal(pid === process.pid, kind === 'threads');
        assert.equal(isMainThread, kind === 'processes');

        const flaky = open<null, string>();
        flaky.process({ module, export: 'failTwice', kind });
        const third = await flaky.add('flaky', null, { attempts: 3 });
        assert.equal(await third.result(), 'flaky done at attempt 3');
        const hopeless = await flaky.add('hopeless', null, { attempts: 2 });
        await assert.rejects(hopeless.result(), (error: Error) => {
          assert.deepEqual([error.name, error.message], ['RangeError', 'hopeless failed at attempt 2']);
          assert.match(error.stack!, /failTwice/);
          return true;
        });
      });

    it('waits for jobs under way when it is closed, and begins no other', async () => {
      const queue = open<string, string>();
      const begun = new Event();
      const goOn = new Event();
      queue.process(async ({ data }) => {
        begun.set();
        await goOn.wait();
        return data;
      });
      const first = await queue.add('n', 'first');
      const second = await queue.add('n', 'second');
      const result = first.result();
      await begun.wait();
      const lost = assert.rejects(second.result(), QueueClosed);
      const closing = queue.close();
      goOn.set();
      await closing;
      assert.equal(await result, 'first');
      await lost;
      assert.throws(() => queue.add('n', 'third'), QueueClosed);
    });

    it('cancels jobs that take longer than the grace of the close', async () => {
      const queue = open<null, void>();
      const begun = new Event();
      let reason: unknown;
      queue.process(async ({ signal }) => {
        begun.set();
        signal.addEventListener('abort', () => (reason = signal.reason));
        await sleep(60_000);
      });
      await queue.add('endless', null);
      await begun.wait();
      await queue.close({ grace: 10 });
      assert.match(String(reason), /is closed/);
    });
  });
}
