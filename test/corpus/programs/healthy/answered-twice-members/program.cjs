// Members of a club are looked up by number; the desk answers unknown ones with 404.
const http = require('node:http');
const { once } = require('node:events');

const members = new Map([['7', 'Ada']]);

function find(number, callback) {
  setImmediate(() => callback(members.has(number) ? null : new Error('no such member'), members.get(number)));
}

function show(request, response) {
  find(request.url.slice(1), (error, name) => {
    if (error) {
      response.statusCode = 404;
      response.end(error.message);
      return;
    }
    try {
      response.setHeader('content-type', 'text/plain');
      response.end(`member ${name}`);
    } catch (cause) {
      console.log('desk:', cause.code);
    }
  });
}

async function main() {
  const server = http.createServer(show).listen(0, '127.0.0.1');
  await once(server, 'listening');
  for (const number of ['7', '8']) {
    const response = await fetch(`http://127.0.0.1:${server.address().port}/${number}`);
    console.log(number, response.status, await response.text());
  }
  server.close();
  server.closeAllConnections();
}

void main();
