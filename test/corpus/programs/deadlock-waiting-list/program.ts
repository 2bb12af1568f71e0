// A lock as many write it: wait until it is free, then have it.
import { setTimeout as delay } from 'node:timers/promises';

class Lock {
  readonly name: string;
  private isTaken = false;
  private waiting: (() => void)[] = [];
  constructor(name: string) {
    this.name = name;
  }
  async lock(): Promise<void> {
    while (this.isTaken) await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.isTaken = true;
  }
  unlock(): void {
    this.isTaken = false;
    this.waiting.shift()?.();
  }
}

const disk = new Lock('disk');
const index = new Lock('index');

async function compact(): Promise<void> {
  await disk.lock();
  await delay(10);
  await index.lock();
  index.unlock();
  disk.unlock();
}

async function reindex(): Promise<void> {
  await index.lock();
  await delay(10);
  await disk.lock();
  disk.unlock();
  index.unlock();
}

Promise.all([compact(), reindex()]).then(() => console.log('done'));
