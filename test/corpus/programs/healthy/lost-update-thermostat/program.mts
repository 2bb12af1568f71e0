// A service that keeps the wanted temperature of rooms, asked by several phones over HTTP.
import { createServer } from 'node:http';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

const degrees: Record<string, number> = { kitchen: 18, bath: 20 };
async function addDegrees(room: string, more: number): Promise<number> {
  await delay(60);
  degrees[room] = (degrees[room] ?? 0) + more;
  return degrees[room];
}

async function warmer(room: string): Promise<number> {
  return await addDegrees(room, 1);
}

const server = createServer((request, response) => {
  void warmer(request.url!.slice(1)).then((wanted) => response.end(String(wanted)));
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as { port: number };
const press = async (room: string): Promise<string> =>
  (await fetch(`http://127.0.0.1:${port}/${room}`)).text();
const answers = await Promise.all([press('kitchen'), press('kitchen'), press('bath'), press('kitchen')]);
console.log(answers.length);
server.close();
server.closeAllConnections();
