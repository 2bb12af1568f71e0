// Pages are fetched two at a time; a slot goes back when the body was read.
import { Semaphore } from 'async-mutex';
import { setTimeout as delay } from 'node:timers/promises';

const slots = new Semaphore(2);

async function readBody(page) {
  await delay(4);
  return `page ${page}`;
}

async function fetchPage(page) {
  const [, release] = await slots.acquire();
  await delay(2);
  if (page % 2 === 1) return null;
  return readBody(page).finally(release);
}

const pages = await Promise.all([0, 1, 2, 3, 4, 5].map(fetchPage));
console.log(pages.length);
