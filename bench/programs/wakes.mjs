// A service with nothing to do: a timer every 20 ms, for four seconds.
import { setTimeout as sleep } from 'node:timers/promises';

for (let i = 0; i < 200; i++) await sleep(20);
