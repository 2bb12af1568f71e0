// Sizes of pages.
import pLimit from 'p-limit';
import { setTimeout as sleep } from 'node:timers/promises';

const limit = pLimit(10);

async function sizeOf(page) {
  await sleep(60);
  return page.length;
}

const pages = Array.from({ length: 20 }, (_, i) => 'page'.repeat(i));
const sizes = await Promise.all(pages.map((page) => limit(() => sizeOf(page))));
console.log(sizes.length);
