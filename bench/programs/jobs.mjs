/**
 * Jobs through one queue, with their worker in the same process: how many a second, and how long
 * one takes from `add` to its result.
 *
 *   node jobs.mjs CONTENDER JOBS ROUND_TRIPS      (PORT: of a Redis; MODULES: where bee-queue lies)
 *   → {"perSecond":1234,"latencyMs":0.8,"cpuUs":90}
 */
import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';

const [contender, jobs, roundTrips] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const port = Number(process.env.PORT);
const connection = { host: '127.0.0.1', port };
const CONCURRENCY = 10;

const contenders = {
  memory: () => jobQueue({}),
  redis: () => jobQueue({ connection }),
  bullmq,
  bee,
};
const { addAll, roundTrip, close } = await contenders[contender]();
await addAll(500);
const before = process.cpuUsage();
let since = performance.now();
await addAll(jobs);
const perSecond = Math.round((jobs * 1000) / (performance.now() - since));
const { user, system } = process.cpuUsage(before);
const times = [];
for (let i = 0; i < roundTrips; i++) {
  since = performance.now();
  await roundTrip(i);
  times.push(performance.now() - since);
}
await close();
times.sort((a, b) => a - b);
console.log(
  JSON.stringify({ perSecond, latencyMs: times[times.length >> 1], cpuUs: (user + system) / jobs }),
);

async function jobQueue(options) {
  // What was built has no types here.
  const library = '../../dist/jobs.js';
  const { JobQueue } = await import(library);
  const queue = new JobQueue('bench', options);
  queue.process(async ({ data }) => data, { concurrency: CONCURRENCY });
  return {
    addAll: async (count) => {
      const added = await queue.addBulk(Array.from({ length: count }, (_, data) => ({ name: 'n', data })));
      await Promise.all(added.map((job) => job.result()));
    },
    roundTrip: async (data) => (await queue.add('n', data)).result(),
    close: () => queue.close(),
  };
}

async function bullmq() {
  const { Queue, QueueEvents, Worker } = createRequire(import.meta.url)('bullmq');
  const queue = new Queue('bench', { connection });
  const events = new QueueEvents('bench', { connection });
  events.setMaxListeners(0);
  queue.setMaxListeners(0);
  const worker = new Worker('bench', async (job) => job.data, { connection, concurrency: CONCURRENCY });
  await events.waitUntilReady();
  return {
    addAll: async (count) => {
      const added = await queue.addBulk(Array.from({ length: count }, (_, data) => ({ name: 'n', data })));
      await Promise.all(added.map((job) => job.waitUntilFinished(events)));
    },
    roundTrip: async (data) => (await queue.add('n', data)).waitUntilFinished(events),
    close: () => Promise.all([worker.close(), queue.close(), events.close()]),
  };
}

async function bee() {
  const Queue = createRequire(`${process.env.MODULES}/package.json`)('bee-queue');
  const queue = new Queue('bench', { redis: connection });
  queue.process(CONCURRENCY, async (job) => job.data);
  const one = async (data) => {
    const job = queue.createJob({ data });
    const done = new Promise((resolve) => job.on('succeeded', resolve));
    await job.save();
    return done;
  };
  return {
    addAll: (count) => Promise.all(Array.from({ length: count }, (_, data) => one(data))),
    roundTrip: one,
    close: () => queue.close(),
  };
}
