// A directory that answers later; a name that it does not know is forgotten. A server keeps the program alive.
import { createServer } from 'node:net';

const ports = new Map([
  ['mail', 25],
  ['web', 80],
]);
function lookUp(key: string): Promise<number> {
  return new Promise((resolve, reject) => {
    setTimeout(() => {
      const port = ports.get(key);
      if (port === undefined) return reject(new Error(`no ${key}`));
      if (port < 0) reject(new Error('closed'));
      else resolve(port);
    }, 10);
  });
}
async function show(key: string): Promise<void> {
  const port = await lookUp(key);
  console.log(key, port);
}
const server = createServer(() => {}).listen(0, '127.0.0.1');
const gaveUp = setTimeout(() => process.exit(1), 1800);
await Promise.allSettled(['mail', 'ftp', 'web'].map(show));
clearTimeout(gaveUp);
server.close();
