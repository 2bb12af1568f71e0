// Pages are rendered once and kept.
import { setTimeout as delay } from 'node:timers/promises';

const pages = new Map();
let rendered = 0;

async function render(path) {
  rendered++;
  await delay(40);
  return `<h1>${path}</h1>`;
}

function pageAt(path) {
  let page = pages.get(path);
  if (page === undefined) pages.set(path, (page = render(path)));
  return page;
}

await Promise.all(Array.from({ length: 12 }, () => pageAt('/start')));
console.log(`${rendered} rendered`);
