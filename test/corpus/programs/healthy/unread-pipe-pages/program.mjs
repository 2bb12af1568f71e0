// It reads what the tool writes.
import { spawn } from 'node:child_process';

function pages(file) {
  return new Promise((resolve, reject) => {
    const tool = spawn('seq', ['-f', `${file}: page %g`, '20000']);
    tool.on('error', reject);
    tool.stdout.on('data', () => {});
    tool.stdout.on('end', () => resolve(file));
  });
}
async function all(files) {
  return Promise.all(files.map((file) => pages(file)));
}
console.log(await all(['a.pdf', 'b.pdf']));
