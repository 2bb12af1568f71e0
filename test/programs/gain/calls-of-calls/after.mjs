import { setTimeout as sleep } from 'node:timers/promises';

async function part() {
  await sleep(15);
}

async function section(name) {
  for (let i = 0; i < 4; i++) await part();
  return name;
}

console.log(await Promise.all(['a', 'b', 'c'].map(section)));
