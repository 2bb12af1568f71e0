// Answers whose clients leave, with what listeners, stacks and properties show of it.
const http = require('node:http');

const shown = (error) =>
  error.stack
    .split('\n')
    .slice(0, 4)
    .join('\n')
    .replaceAll(__filename, 'here');
let left = 2;
const server = http.createServer((request, response) => {
  const own = Object.keys(response).join();
  response.on('close', () => {
    console.log(request.url, response.destroyed, response.writableEnded, response.listenerCount('close'));
    console.log(shown(new Error('closes')), own === Object.keys(response).join());
    if (--left === 0) server.close();
  });
  if (request.url === '/own') {
    const { emit } = response;
    response.emit = function (...args) {
      console.log('emits', args[0], this === response);
      return emit.apply(this, args);
    };
    response.end('own');
    return;
  }
  console.log(typeof response.emit, response.emit === http.ServerResponse.prototype.emit);
  client.destroy();
});
let client;
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  client = http.get({ port, host: '127.0.0.1', path: '/left', agent: false });
  client.on('error', (error) => {
    console.log(error.message);
    http.get({ port, host: '127.0.0.1', path: '/own', agent: false }, (answer) => answer.resume());
  });
});
