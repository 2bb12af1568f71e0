// Orders are asked for again until the service gives them.
import { setTimeout as delay } from 'node:timers/promises';

let asked = 0;
async function askOrders() {
  await delay(1);
  asked++;
  throw new Error('the key has expired');
}

async function persist(task, times) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await task();
    } catch (error) {
      if (attempt === times) throw error;
    }
  }
}

try {
  await persist(askOrders, 30);
} catch (error) {
  console.log(error.message, asked);
}
