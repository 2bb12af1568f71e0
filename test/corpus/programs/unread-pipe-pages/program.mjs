// Counts pages with a tool: it listens for the end of the output, and for nothing before it.
import { spawn } from 'node:child_process';

function pages(file) {
  return new Promise((resolve, reject) => {
    const tool = spawn('seq', ['-f', `${file}: page %g`, '20000']);
    tool.on('error', reject);
    tool.stdout.on('end', () => resolve(file));
  });
}
async function all(files) {
  return Promise.all(files.map((file) => pages(file)));
}
console.log(await all(['a.pdf', 'b.pdf']));
