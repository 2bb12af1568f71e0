// Names are sorted by a child that is told when all are there.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

async function sorted(names) {
  const sort = spawn('sort', [], { stdio: ['pipe', 'pipe', 'inherit'] });
  let text = '';
  sort.stdout.setEncoding('utf8').on('data', (part) => (text += part));
  for (const name of names) sort.stdin.write(`${name}\n`);
  sort.stdin.end();
  await once(sort, 'close');
  return text.split('\n');
}

console.log(await sorted(['mia', 'ada', 'zoe']));
