// Addresses are checked by a child.
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const CHECK = fileURLToPath(new URL('./check.mjs', import.meta.url));

async function check(addresses) {
  const child = spawn(process.execPath, [CHECK], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.write(addresses.join('\n'));
  child.stdin.end();
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const [bad] = await Promise.all([text(child.stdout), ended]);
  return bad.trim();
}

console.log(await check(['a@b', 'c', 'd@e']));
console.log(await check(['f']));
