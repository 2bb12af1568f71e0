import { setTimeout as sleep } from 'node:timers/promises';

async function digest() {}

async function save() {
  await sleep(60);
}

const saving = save();
await digest();
await saving;
console.log('saved');
