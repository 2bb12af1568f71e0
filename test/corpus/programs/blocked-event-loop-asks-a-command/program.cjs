// A build number comes from a command; other requests are served meanwhile.
const { execFileSync } = require('node:child_process');
const http = require('node:http');

function buildNumber() {
  return execFileSync(process.execPath, ['-e', 'setTimeout(() => console.log(42), 300)']).toString().trim();
}
const server = http.createServer((request, response) => {
  response.end(request.url === '/build' ? buildNumber() : 'ok');
});
server.listen(0, '127.0.0.1', () => {
  const ask = (path, done) =>
    http.get({ port: server.address().port, path, agent: false }, (response) =>
      response.resume().on('end', done),
    );
  let left = 2;
  const done = () => {
    if (--left === 0) server.close();
  };
  ask('/build', done);
  ask('/', done);
});
