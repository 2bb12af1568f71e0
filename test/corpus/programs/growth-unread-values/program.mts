// A sensor is averaged by a loop over its events.
import { EventEmitter, on } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

const sensor = new EventEmitter();
const timer = setInterval(() => {
  for (let i = 0; i < 40; i++) sensor.emit('value', i);
}, 2);
const end = new AbortController();
setTimeout(() => {
  clearInterval(timer);
  end.abort();
}, 400);

let sum = 0;
try {
  for await (const [value] of on(sensor, 'value', { signal: end.signal })) {
    sum += value;
    await delay(2);
  }
} catch (error) {
  console.log((error as Error).name, sum > 0);
}
