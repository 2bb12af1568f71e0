// Names are sorted by a child that waits for more of them.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

async function sorted(names) {
  const sort = spawn('sort', [], { stdio: ['pipe', 'pipe', 'inherit'] });
  let text = '';
  sort.stdout.setEncoding('utf8').on('data', (part) => (text += part));
  for (const name of names) sort.stdin.write(`${name}\n`);
  await once(sort, 'close');
  return text.split('\n');
}

console.log(await sorted(['mia', 'ada', 'zoe']));
