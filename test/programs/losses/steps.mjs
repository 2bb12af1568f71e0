/**
 * Does so many steps and acknowledges each on its output. `late` begins before anything is lost and
 * ends while records are missing; `forever` never ends; the thread is held once near the end. What
 * is said of them afterwards must not go beyond what is known.
 */
import { writeSync } from 'node:fs';

const [steps = 0, uid = 0, killAt = 0] = process.argv.slice(2).map(Number);

async function step() {
  await null;
}

async function late(gate) {
  await gate;
}

async function forever() {
  await new Promise(() => {});
}

let open;
const gate = new Promise((resolve) => (open = resolve));
const ended = late(gate);
void forever();
for (let n = 1; n <= steps; n++) {
  if (n === 100 && uid > 0) {
    process.setgid(uid);
    process.setuid(uid);
  }
  await step();
  writeSync(1, `${n} ${process.hrtime.bigint()}\n`);
  if (n === killAt) process.kill(process.pid, 'SIGKILL');
  if (n % 200 === 0) await new Promise((resolve) => setImmediate(resolve));
  if (n === Math.floor(steps * 0.9)) {
    const untilMs = performance.now() + 150;
    while (performance.now() < untilMs);
    open();
  }
}
await ended;
