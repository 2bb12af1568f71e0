// Five philosophers, five forks.
import { Mutex } from 'async-mutex';
import { setTimeout as delay } from 'node:timers/promises';

const forks = Array.from({ length: 5 }, () => new Mutex());

async function dine(seat) {
  const left = Math.min(seat, (seat + 1) % forks.length);
  const right = Math.max(seat, (seat + 1) % forks.length);
  const putLeft = await forks[left].acquire();
  await delay(5);
  const putRight = await forks[right].acquire();
  await delay(5);
  putRight();
  putLeft();
  return seat;
}

for (let seat = 0; seat < 5; seat++) dine(seat).then((who) => console.log(who, 'has eaten'));
