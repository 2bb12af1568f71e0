// A sensor is averaged by a loop over its events.
import { EventEmitter, on } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

const sensor = new EventEmitter();
let newest = 0;
sensor.on('value', (value: number) => (newest = value));
const timer = setInterval(() => {
  for (let i = 0; i < 40; i++) sensor.emit('value', i);
  sensor.emit('tick');
}, 10);
const end = new AbortController();
setTimeout(() => {
  clearInterval(timer);
  end.abort();
}, 400);

let sum = 0;
try {
  for await (const _ of on(sensor, 'tick', { signal: end.signal })) {
    sum += newest;
    await delay(2);
  }
} catch (error) {
  console.log((error as Error).name, sum > 0);
}
