// A consumer takes one job after another from its queue, as it should.
import { setTimeout as delay } from 'node:timers/promises';

const jobs = Array.from({ length: 8 }, (_, id) => ({ id }));
async function run(job: { id: number }): Promise<number> {
  await delay(20);
  return job.id * 2;
}
async function consume(): Promise<number[]> {
  const results: number[] = [];
  while (jobs.length > 0) {
    const job = jobs.shift()!;
    results.push(await run(job));
  }
  return results;
}
console.log((await consume()).join());
