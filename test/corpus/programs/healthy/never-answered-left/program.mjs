// A report that is dear to make: who has gone gets none.
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

async function report(year, request, response) {
  const parts = [];
  for (let month = 1; month <= 6; month++) {
    await sleep(20);
    if (request.destroyed || response.destroyed) return;
    parts.push(month);
  }
  response.end(JSON.stringify({ year, parts }));
}

const server = http.createServer(async (request, response) => {
  await sleep(5);
  await report(Number(request.url.slice(1)), request, response);
});

server.listen(0, '127.0.0.1', async () => {
  const { port } = server.address();
  const ask = (year, patience) =>
    new Promise((resolve) => {
      const request = http.get({ port, host: '127.0.0.1', path: `/${year}` }, (response) => {
        response.resume().on('end', () => resolve(`${year}: ${response.statusCode}`));
      });
      request.on('error', (error) => resolve(`${year}: ${error.message}`));
      if (patience > 0) setTimeout(() => request.destroy(), patience);
    });
  const answers = await Promise.all([ask(2021, 0), ask(2022, 60), ask(2023, 0), ask(2024, 40)]);
  console.log(answers.join('\n'));
  await sleep(150);
  server.close();
});
