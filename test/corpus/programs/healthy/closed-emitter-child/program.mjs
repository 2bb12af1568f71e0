// A child makes a thumbnail of each picture, and says so.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

if (process.argv[2] === 'child') {
  process.on('message', (name) => {
    if (name.endsWith('.gif')) process.exit(0);
    process.send(`small ${name}`);
  });
} else {
  const child = fork(fileURLToPath(import.meta.url), ['child']);
  const shrink = (name) =>
    new Promise((resolve, reject) => {
      child.once('message', resolve);
      child.once('error', reject);
      child.once('exit', () => reject(new Error('the child is gone')));
      if (child.connected) child.send(name);
      else reject(new Error('the child is gone'));
    });
  const keeper = setInterval(() => {}, 10_000);
  for (const name of ['a.png', 'b.gif', 'c.png'])
    console.log(await shrink(name).catch((error) => error.message));
  clearInterval(keeper);
  child.kill();
}
