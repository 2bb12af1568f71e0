import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

function grep(command) {
  return new Promise((resolve, reject) => {
    const lines = [];
    const child = spawn('sh', ['-c', command], { stdio: ['ignore', 'pipe', 'inherit'] });
    createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
    child.on('error', reject);
    child.on('exit', (code) => {
      if (code === 0) resolve(lines.slice());
      else reject(new Error(`exit ${code}`));
    });
  });
}

const lines = await grep('(sleep 0.3; echo tail) & echo head');
console.log(lines.join(' '));
