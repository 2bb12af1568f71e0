/**
 * BullMQ in programs that never heard of us, on a real Redis: the attempts, who asked for them, and
 * that the program and Redis see nothing of it.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, before, describe, it } from 'mocha';
import { askRedis, watchRedis } from '../../../machine/redis-commands.ts';
import { NO_REDIS, type RedisServer, startRedis } from '../../../machine/redis-server.ts';
import { tree } from '../../../machine/tree.ts';
import { NODES, traceProgram, type TraceOptions, type Traced } from '../trace-program.ts';

const BULLMQ = pathToFileURL(join(tree, 'node_modules/bullmq/dist/cjs/index.js')).href;

/** Line 1 of each program; `queue`, `events` and `connection` are there. */
const HEAD = `import { Queue, Worker, QueueEvents, FlowProducer } from '${BULLMQ}'; const connection = { host: '127.0.0.1', port: Number(process.env.PORT) }; const queue = new Queue(process.env.QUEUE, { connection }); const events = new QueueEvents(process.env.QUEUE, { connection, lastEventId: '0' }); const parts = [queue, events]; const end = () => Promise.all(parts.map((part) => part.close()));`;

const PROCESSOR = `export default async function countWords(job) {
  await new Promise((resolve) => setTimeout(resolve, 5));
  if (job.attemptsMade === 0) throw new RangeError('no answer');
  return job.data.length;
}`;

/** Each attempt, with who is recorded to have asked for it (or its token), and its outcome. */
function attemptsOf(text: string): string[] {
  const names = new Map<string, string>();
  for (const [, id, name] of text.matchAll(/^\d+ activationBegin id=(\d+) .*?name="([^"]*)"/gm))
    names.set(id!, name!);
  return [...text.matchAll(/^\d+ activationBegin id=(\d+) (?:parent=(\d+) )?.*kind=job/gm)].map(
    ([, id, parent]) => {
      const begun = new RegExp(`^\\d+ run id=${id}\\b.*`, 'm').exec(text)?.[0] ?? '';
      const waker = / waker=(\d+) /.exec(begun)?.[1];
      const outcome = new RegExp(`^\\d+ activationEnd id=${id}.* outcome=(\\w+)`, 'm').exec(text)?.[1];
      return `${names.get(id!)} under ${names.get(parent ?? '') ?? 'none'}, asked for by ${names.get(waker ?? '') ?? 'none'}: ${outcome}`;
    },
  );
}

/** `send token`: the ends of the links of jobs. */
const linksOf = (text: string): { way: string; token: string; attempt: string }[] =>
  [
    ...text.matchAll(
      /^\d+ link .*?token=(\d+) tokenHigh=(\d+).*? attempt=(\d+).* way=(\w+) kind=(?:queued-)?job/gm,
    ),
  ].map(([, low, high, attempt, way]) => ({ way: way!, token: `${low}:${high}`, attempt: attempt! }));

for (const { name, path: node } of NODES)
  describe(`BullMQ in a program on ${name}`, function () {
    this.timeout(60_000);
    let redis: RedisServer | null = null;
    let lastQueue = 0;
    before(async function () {
      redis = await startRedis();
      if (redis !== null) return;
      console.warn(NO_REDIS);
      this.skip();
    });
    after(() => redis?.stop());

    const run = (body: string, options: TraceOptions = {}): Promise<Traced> =>
      traceProgram(`${HEAD}\n${body}`, {
        node,
        ...options,
        env: { PORT: String(redis!.port), QUEUE: `q${++lastQueue}`, ...options.env },
      });

    it('shows each attempt as a task under its worker, woken by who added the job', async () => {
      const { stdout, stderr, text } = await run(`
        async function produce() {
          const job = await queue.add('count', 'to be', { attempts: 2, backoff: 5 });
          return job.waitUntilFinished(events);
        }
        parts.unshift(new Worker(queue.name, async (job) => {
          if (job.attemptsMade === 0) throw new RangeError('no answer');
          return job.data.length;
        }, { connection }));
        console.log(await produce());
        await end();`);
      assert.deepEqual([stdout, stderr], ['5\n', '']);
      assert.deepEqual(attemptsOf(text), [
        'count under worker of q1, asked for by produce: error',
        'count (attempt 2) under worker of q1, asked for by none: ok',
      ]);
      // The first is asked for by the call, the second by the first.
      const links = linksOf(text);
      assert.deepEqual(links.map(({ way, attempt }) => `${way} ${attempt}`).sort(), [
        'receive 1',
        'receive 2',
        'send 1',
        'send 2',
      ]);
      assert.equal(new Set(links.map(({ token }) => token)).size, 2);
      assert.match(text, /resourceBegin creator=\d+ id=\d+ site="program\.mjs:4:.*name="count" kind=job/);
      assert.match(text, /use .*how=delays/);
      // Whoever closes a worker ends its wait for jobs.
      const [, worker] = /activationBegin id=(\d+) .*name="worker of q1"/.exec(text)!;
      assert.match(
        text,
        new RegExp(
          `^(\\d+) run id=${worker} .*\\bwaker=\\d.*\\n(?:.*\\n)?\\d+ activationEnd id=${worker} `,
          'm',
        ),
      );
    });

    it('shows jobs that are added in bulk and as a flow', async () => {
      const { stdout, text } = await run(`
        const flows = new FlowProducer({ connection });
        parts.unshift(flows, new Worker(queue.name, async (job) => job.name, { connection }));
        const jobs = await queue.addBulk([{ name: 'a', data: 0 }, { name: 'b', data: 0 }]);
        const { job } = await flows.add({ name: 'whole', queueName: queue.name, children: [{ name: 'part', queueName: queue.name }] });
        const results = await Promise.all([...jobs, job].map((each) => each.waitUntilFinished(events)));
        console.log(results.join());
        await end();`);
      assert.equal(stdout, 'a,b,whole\n');
      const links = linksOf(text);
      const sent = links.filter(({ way }) => way === 'send').map(({ token }) => token);
      const received = links.filter(({ way }) => way === 'receive').map(({ token }) => token);
      assert.equal(new Set(sent).size, 4);
      assert.deepEqual(new Set(sent), new Set(received));
    });

    it('joins a producer and a worker in processes of their own by the key alone', async () => {
      const env = { QUEUE: 'apart' };
      const [producer, worker] = await Promise.all([
        run(
          `const job = await queue.add('far', 'to be'); console.log(await job.waitUntilFinished(events)); await end();`,
          { env },
        ),
        run(
          `const worker = new Worker(queue.name, async (job) => job.data.length, { connection }); parts.unshift(worker);
          await new Promise((resolve) => worker.once('completed', resolve)); await end();`,
          { env },
        ),
      ]);
      assert.equal(producer.stdout, '5\n');
      assert.deepEqual(attemptsOf(worker.text), ['far under worker of apart, asked for by none: ok']);
      const [sent] = linksOf(producer.text);
      const [received] = linksOf(worker.text);
      assert.deepEqual([sent!.way, received!.way], ['send', 'receive']);
      assert.equal(sent!.token, received!.token);
    });

    for (const kind of ['processes', 'threads'] as const)
      it(`follows sandboxed processors into ${kind}`, async () => {
        const { stdout, stderr, recordings } = await run(
          `parts.unshift(new Worker(queue.name, new URL('./processor.mjs', import.meta.url), { connection, useWorkerThreads: ${kind === 'threads'} }));
          const job = await queue.add('count', 'to be', { attempts: 2 });
          console.log(await job.waitUntilFinished(events));
          await end();`,
          { files: { 'processor.mjs': PROCESSOR } },
        );
        assert.deepEqual([stdout, stderr], ['5\n', '']);
        const all = recordings.join('\n');
        const names = [...all.matchAll(/activationBegin .*name="(count[^"]*)" .*kind=job/g)].map(
          ([, label]) => label,
        );
        assert.deepEqual(
          [...names].sort((a, b) => a!.localeCompare(b!)),
          ['count', 'count', 'count (attempt 2)', 'count (attempt 2)'],
        );
        // Each end has its other end: the queue's, and the child's.
        const tokens = (wanted: string): string[] =>
          linksOf(all)
            .filter(({ way }) => way === wanted)
            .map(({ token }) => token)
            .sort();
        assert.equal(tokens('send').length, 4);
        assert.deepEqual(tokens('send'), tokens('receive'));
      });

    it('leaves failures that nobody handles as they are', async () => {
      // Adding fails: the id is refused by BullMQ.
      const body = `process.on('unhandledRejection', (error) => { console.log('unhandled', error.message); void end(); });
        void queue.add('n', 0, { jobId: '0:1' });`;
      const untraced = await run(body, { untraced: true });
      const traced = await run(body);
      assert.match(untraced.stdout, /^unhandled JobId/);
      assert.deepEqual(
        [traced.stdout, traced.stderr, traced.code],
        [untraced.stdout, untraced.stderr, untraced.code],
      );
    });

    it('leaves names, texts and stacks as they are', async () => {
      const body = `parts.unshift(new Worker(queue.name, async function handle(job) {
          const lines = new Error('here').stack.split('\\n').map((line) => line.replace(/\\(.*\\)|:\\d+:\\d+/g, '').trim());
          console.log(lines.join('|'));
        }, { connection }));
        console.log(Worker.prototype.callProcessJob.name, Worker.prototype.callProcessJob.length, String(Queue.prototype.addJob).length, String(Worker.prototype.callProcessJob));
        const job = await queue.add('n', 0);
        await job.waitUntilFinished(events);
        await end();`;
      const untraced = await run(body, { untraced: true });
      const traced = await run(body);
      assert.match(untraced.stdout, /callProcessJob 3/);
      assert.equal(traced.stdout, untraced.stdout);
    });

    it('sends Redis the same commands, traced and untraced', async () => {
      const produce = `
        const flows = new FlowProducer({ connection }); parts.push(flows);
        await queue.add('n', 'x', { attempts: 2 });
        await queue.addBulk([{ name: 'a', data: 0 }, { name: 'b', data: 0, opts: { delay: 5 } }]);
        await flows.add({ name: 'whole', queueName: queue.name, children: [{ name: 'part', queueName: queue.name }] });
        await end();`;
      const work = `
        let left = 5;
        const worker = new Worker(queue.name, async (job) => {
          if (job.name === 'n' && job.attemptsMade === 0) throw new Error('once');
          return job.name;
        }, { connection });
        await new Promise((resolve) => worker.on('completed', () => --left === 0 && resolve()));
        parts.unshift(worker);
        await end();`;
      const env = { QUEUE: 'watched' };
      const seen: string[][][] = [];
      for (const untraced of [true, false]) {
        await askRedis(redis!.port, 'FLUSHALL');
        await askRedis(redis!.port, 'SCRIPT FLUSH');
        const commands = await watchRedis(redis!.port);
        for (const body of [produce, work]) await run(body, { env, untraced });
        seen.push(await commands.end());
      }
      assert.ok(seen[0]!.flat().length > 50, 'Redis was used');
      assert.deepEqual(seen[1], seen[0]);
    });
  });
