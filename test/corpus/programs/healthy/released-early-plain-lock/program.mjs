// Entries of a ledger are written one at a time.
import { setTimeout as delay } from 'node:timers/promises';

let isBusy = false;
const waiting = [];
let writing = 0;
let most = 0;

async function enter() {
  if (isBusy) await new Promise((resolve) => waiting.push(resolve));
  isBusy = true;
}
function leave() {
  isBusy = false;
  waiting.shift()?.();
}

async function write(entry) {
  most = Math.max(most, ++writing);
  await delay(15);
  writing--;
  return entry;
}

async function book(entry) {
  await enter();
  try {
    return await write(entry);
  } finally {
    leave();
  }
}

const booked = await Promise.all(['rent', 'wages', 'tax'].map((entry) => book(entry)));
console.log(booked.length, most);
