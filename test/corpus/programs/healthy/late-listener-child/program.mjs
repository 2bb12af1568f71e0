// Node keeps the messages of a child until somebody listens.
import { fork } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

async function main() {
  const child = fork(new URL('./child.mjs', import.meta.url));
  await sleep(400);
  child.on('message', (text) => {
    console.log('version', text);
    setTimeout(() => child.disconnect(), 20);
  });
}
await main();
