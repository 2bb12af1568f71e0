/**
 * One queue, two languages: this program adds jobs with JobQueue, and worker.py does them with
 * BullMQ's port to Python. Run both, each under trace, and make one trace of them:
 *
 *   simul trace --recording a producer.ts        (REDIS_URL: of a Redis)
 *   simul trace --recording b worker.py
 *   simul merge a b --out both.simul
 *
 * What to look for: one lane for the queue, above both programs; an attempt in Python leads to the
 * line here that added its job, and its result back to here.
 */
import { JobQueue } from 'simul/jobs';

const texts = ['to be or not to be', 'that is the question', 'whether it is nobler'];
const queue = new JobQueue<{ text: string }, number>('words', {
  connection: process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379',
});

async function countAll(): Promise<number> {
  const jobs = await queue.addBulk(
    texts.map((text) => ({ name: 'count', data: { text }, options: { attempts: 2 } })),
  );
  const counts = await Promise.all(jobs.map((job) => job.result()));
  return counts.reduce((sum, count) => sum + count, 0);
}

console.log(`${await countAll()} words`);
await queue.close();
