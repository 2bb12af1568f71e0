// gain: pool 4
import { Pool, run } from 'simul';
import { job } from './job.mjs';

await run(async () => {
  const pool = new Pool({ size: 2, name: 'jobs' });
  const done = await pool.map(job, [1, 2, 3, 4, 5, 6, 7, 8]);
  console.log(done.length);
  pool.close();
});
