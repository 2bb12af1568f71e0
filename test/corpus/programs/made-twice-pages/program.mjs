// Pages are rendered once and kept.
import { setTimeout as delay } from 'node:timers/promises';

const pages = new Map();
let rendered = 0;

async function render(path) {
  rendered++;
  await delay(40);
  return `<h1>${path}</h1>`;
}

async function pageAt(path) {
  const kept = pages.get(path);
  if (kept !== undefined) return kept;
  const html = await render(path);
  pages.set(path, html);
  return html;
}

await Promise.all(Array.from({ length: 12 }, () => pageAt('/start')));
console.log(`${rendered} rendered`);
