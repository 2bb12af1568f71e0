// A lift reports once that it stands; the doors ask for that after a look at the lights.
import { filter, firstValueFrom, Subject } from 'rxjs';
import { setTimeout as delay } from 'node:timers/promises';

const floors = new Subject<{ floor: number; isStill: boolean }>();

async function drive(to: number): Promise<void> {
  for (let floor = 0; floor <= to; floor++) {
    await delay(3);
    floors.next({ floor, isStill: floor === to });
  }
}

async function openDoors(): Promise<number> {
  await delay(60);
  const { floor } = await firstValueFrom(floors.pipe(filter(({ isStill }) => isStill)));
  return floor;
}

const driving = drive(4);
console.log('doors open at', await openDoors());
await driving;
