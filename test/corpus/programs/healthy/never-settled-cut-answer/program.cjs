// Read a page from a server that dies on the way.
const http = require('node:http');

const server = http.createServer((request, response) => {
  response.writeHead(200, { 'content-length': 1000 });
  response.write('half a page');
  setTimeout(() => response.destroy(), 30);
});

function read(port) {
  return new Promise((resolve, reject) => {
    http
      .get({ port, host: '127.0.0.1' }, (response) => {
        let text = '';
        response.on('data', (chunk) => (text += chunk));
        response.on('end', () => resolve(text));
        response.on('error', () => resolve('broken'));
      })
      .on('error', reject);
  });
}

server.listen(0, '127.0.0.1', async () => {
  console.log(await read(server.address().port));
  server.close();
});
