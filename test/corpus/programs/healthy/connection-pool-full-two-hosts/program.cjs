// There are sockets enough for both hosts.
const http = require('node:http');

const server = http.createServer((req, res) => {
  if (req.url.startsWith('/archives/')) return void setTimeout(() => res.end('archive'), 800);
  res.end('setting');
});
const agent = new http.Agent({ maxTotalSockets: 12 });

function download(host, path) {
  const { port } = server.address();
  return new Promise((resolve, reject) => {
    const request = http.get({ host, port, path, agent }, (response) => {
      response.resume();
      response.on('end', resolve);
    });
    request.on('error', reject);
  });
}

async function copyArchive(name) {
  await download('127.0.0.1', `/archives/${name}`);
  console.log('copied', name);
}

async function readSetting(name) {
  await download('localhost', `/settings/${name}`);
  console.log('read', name);
}

server.listen(0, async () => {
  const copies = ['2024', '2025'].map(copyArchive);
  await new Promise((resolve) => setTimeout(resolve, 100));
  await Promise.all(['colour', 'size', 'font'].map(readSetting));
  await Promise.all(copies);
  server.close();
});
