// Log lines go through grep, and the pipe ends it.
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { Readable } = require('node:stream');

async function errorsOf(lines) {
  const grep = spawn('grep', ['ERROR'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const found = [];
  grep.stdout.on('data', (part) => found.push(...String(part).trim().split('\n')));
  Readable.from(lines.map((line) => `${line}\n`)).pipe(grep.stdin);
  await once(grep, 'close');
  return found;
}

async function main() {
  console.log(await errorsOf(['INFO begin', 'ERROR no disk', 'INFO end']));
}
main();
