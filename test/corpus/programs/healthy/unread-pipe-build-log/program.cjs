// Both outputs are read.
const { spawn } = require('node:child_process');

function build(name) {
  return new Promise((resolve, reject) => {
    const child = spawn('sh', ['-c', `seq -f 'warning: unused name in ${name} %g' 30000 >&2`], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.on('data', (text) => process.stdout.write(text));
    child.stderr.resume();
    child.on('error', reject);
    child.on('close', (status) => resolve(`${name}: ${status}`));
  });
}
async function main() {
  for (const name of ['core', 'web']) console.log(await build(name));
}
main();
