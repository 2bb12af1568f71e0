// Two that each wait for what the other says first.
import { EventEmitter, once } from 'node:events';
const a = new EventEmitter();
const b = new EventEmitter();
async function left() {
  await new Promise((resolve) => setTimeout(resolve, 5));
  b.emit('hello');
}
async function right() {
  await once(b, 'hello');
  a.emit('hello');
}
await Promise.all([left(), right()]);
console.log('met');
