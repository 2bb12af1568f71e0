// A worker writes the log; main hands it lines.
const { Worker } = require('node:worker_threads');
const path = require('node:path');
const os = require('node:os');
const fs = require('node:fs');

const file = path.join(os.tmpdir(), `log-${process.pid}.txt`);
const writer = new Worker(path.join(__dirname, 'writer.cjs'), { workerData: file });

async function main() {
  await new Promise((resolve) => writer.once('online', resolve));
  for (let n = 0; n < 200; n++) writer.postMessage(`line ${n}\n`);
  await writer.terminate();
  const lines = fs.existsSync(file) ? fs.readFileSync(file, 'utf8').split('\n').length - 1 : 0;
  console.log('written', lines);
  fs.rmSync(file, { force: true });
}
main();
