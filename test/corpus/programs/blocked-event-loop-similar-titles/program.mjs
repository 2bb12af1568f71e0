import { createServer } from 'node:http';
import { once } from 'node:events';

const titles = Array.from({ length: 6000 }, (_, i) => `the book of the number ${(i * 7919) % 9973} and its friends`);

function distance(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length];
}

const server = createServer((request, response) => {
  const wanted = decodeURIComponent(request.url.slice(1));
  const near = titles.map((title) => [distance(title, wanted), title]).sort(([a], [b]) => a - b);
  response.end(JSON.stringify(near.slice(0, 3)));
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const base = `http://127.0.0.1:${server.address().port}`;
const words = Array.from({ length: 16 }, (_, i) => `the bok of numbr ${i * 100} and frends`);
await Promise.all(words.map(async (word) => (await fetch(`${base}/${encodeURIComponent(word)}`)).json()));
server.close();
