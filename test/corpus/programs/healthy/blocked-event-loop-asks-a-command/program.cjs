// A build number comes from a command; other requests are served meanwhile.
const { execFile } = require('node:child_process');
const http = require('node:http');

function buildNumber(done) {
  execFile(process.execPath, ['-e', 'setTimeout(() => console.log(42), 100)'], (error, out) =>
    done(String(out).trim()),
  );
}
const server = http.createServer((request, response) => {
  if (request.url === '/build') buildNumber((number) => response.end(number));
  else response.end('ok');
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
