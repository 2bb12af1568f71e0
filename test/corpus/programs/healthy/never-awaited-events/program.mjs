// Handlers of events and timers: nobody could wait for them.
import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

const bus = new EventEmitter();
const seen = [];
bus.on('job', async (id) => {
  await delay(20);
  seen.push(id);
});
async function publish() {
  for (let id = 0; id < 3; id++) bus.emit('job', id);
  await delay(5);
}
await publish();
setTimeout(async () => {
  await delay(10);
  console.log(seen.length);
}, 30);
