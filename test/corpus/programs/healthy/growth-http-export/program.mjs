import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const server = createServer(async (req, res) => {
  for (let row = 0; row < 300; row++) {
    if (!res.write(`${row},${'x'.repeat(5000)}\n`)) await new Promise((resolve) => res.once('drain', resolve));
    if (row % 200 === 0) await sleep(1);
  }
  res.end();
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const response = await fetch(`http://127.0.0.1:${server.address().port}/export.csv`);
let size = 0;
for await (const chunk of response.body) {
  size += chunk.length;
  await sleep(1);
}
console.log(size > 0);
server.closeAllConnections();
server.close();
