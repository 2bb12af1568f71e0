// Three attempts; after the last one nobody is told.
const { createServer } = require('node:http');

function connect(dial) {
  return new Promise((resolve, reject) => {
    let left = 3;
    const attempt = () => {
      dial((error, line) => {
        if (!error) return resolve(line);
        if (error.fatal) return reject(error);
        if (--left > 0) setTimeout(attempt, 10);
        else reject(error);
      });
    };
    attempt();
  });
}
async function main() {
  const busy = new Error('busy');
  const dial = (done) => setImmediate(done, busy, null);
  const server = createServer(() => {}).listen(0, '127.0.0.1');
  const gaveUp = setTimeout(() => process.exit(1), 1800);
  try {
    const line = await connect(dial);
    console.log(line);
  } catch (error) {
    console.log(String(error));
  }
  clearTimeout(gaveUp);
  server.close();
}
void main();
