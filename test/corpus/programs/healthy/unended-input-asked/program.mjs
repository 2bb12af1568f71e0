// A child answers each line for as long as the program asks; then it is ended.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

const upper = spawn('sed', ['-u', 's/.*/[&]/'], { stdio: ['pipe', 'pipe', 'inherit'] });
const answers = createInterface({ input: upper.stdout })[Symbol.asyncIterator]();

async function ask(word) {
  upper.stdin.write(`${word}\n`);
  const { value } = await answers.next();
  return value;
}

for (const word of ['tea', 'salt', 'rice']) {
  console.log(await ask(word));
  await delay(400);
}
const closed = once(upper, 'close');
upper.stdin.end();
await closed;
