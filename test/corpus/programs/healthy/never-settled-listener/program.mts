// A listener stays to the last, and the program ends when its work is done.
import { EventEmitter, on } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

const changes = new EventEmitter();
const seen: number[] = [];
async function follow(): Promise<void> {
  for await (const [value] of on(changes, 'change')) seen.push(value as number);
}
void follow();
for (let i = 0; i < 3; i++) {
  changes.emit('change', i);
  await delay(5);
}
console.log(seen.join());
