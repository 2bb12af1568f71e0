// A sensor tells again and again; each value is awaited.
import Emittery from 'emittery';
import EventEmitter2 from 'eventemitter2';
import { setTimeout as sleep } from 'node:timers/promises';

const sensor = new Emittery();
const other = new EventEmitter2();
let n = 0;
const timer = setInterval(() => {
  void sensor.emit('value', ++n);
  other.emit('value', n);
}, 20);
await sleep(50);
for (let i = 0; i < 3; i++) console.log((await sensor.once('value')) > 0, (await other.waitFor('value')).length);
clearInterval(timer);
