// Settings may stand in any of many files; most of them are not there.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';

const found = [];
for (let i = 0; i < 300; i++) {
  try {
    found.push(await readFile(`/nowhere/settings-${i}.json`, 'utf8'));
  } catch {
    // It is not there.
  }
}

// Most names are free: the answer is 404, and that is what is wanted.
const server = createServer((request, response) => {
  response.writeHead(request.url.endsWith('7') ? 200 : 404).end();
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const base = `http://127.0.0.1:${server.address().port}/users/`;
let free = 0;
for (let i = 0; i < 200; i++) {
  const answer = await fetch(base + i);
  if (!answer.ok) free++;
}

// A queue is read until it is empty.
const queue = Array.from({ length: 500 }, (_, i) => i);
const reader = { read: async () => queue.shift() };
let sum = 0;
for (let value = await reader.read(); value !== undefined; value = await reader.read()) sum += value;
console.log(found.length, free, sum);
server.close();
server.closeAllConnections();
