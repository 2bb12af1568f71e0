// An event that the emitter does not know.
import { EventEmitter, once } from 'node:events';
const job = new EventEmitter();
async function finish() {
  setTimeout(() => job.emit('done', 3), 20);
  const [count] = await once(job, 'done');
  console.log(count);
}
finish();
