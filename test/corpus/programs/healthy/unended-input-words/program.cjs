// A child of our own counts words, and answers when its input is over.
const { spawn } = require('node:child_process');
const { join } = require('node:path');

function countWords(texts) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(__dirname, 'count.cjs')], { stdio: ['pipe', 'pipe', 'inherit'] });
    const parts = [];
    child.stdout.on('data', (part) => parts.push(part));
    child.on('error', reject);
    child.on('close', () => resolve(Number(Buffer.concat(parts))));
    child.stdin.end(texts.join(' '));
  });
}

async function main() {
  console.log(await countWords(['a new day', 'the old one']));
}
main();
