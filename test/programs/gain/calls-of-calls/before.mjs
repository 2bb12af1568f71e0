// gain: together 13-15
import { setTimeout as sleep } from 'node:timers/promises';

async function part() {
  await sleep(15);
}

async function section(name) {
  for (let i = 0; i < 4; i++) await part();
  return name;
}

const a = await section('a');
const b = await section('b');
const c = await section('c');
console.log(a, b, c);
