// Steps that need what the one before gave, that are meant to come one by one, or go on together.
import { setTimeout as sleep } from 'node:timers/promises';

async function step(value, name) {
  await sleep(30);
  return `${value} ${name}`;
}

const names = ['a', 'b', 'c', 'd'];
const chain = await names.reduce(async (before, name) => {
  const value = await before;
  return await step(value, name);
}, Promise.resolve('start'));

const written = [];
await names.reduce(async (before, name) => {
  await before;
  await sleep(30);
  written.push(name);
}, Promise.resolve());

const together = await names.reduce(async (before, name) => {
  const mine = await step('own', name);
  const all = await before;
  return [...all, mine];
}, Promise.resolve([]));
console.log(chain, written, together.length);
