// The first mirror that is up is taken.
import { setTimeout as sleep } from 'node:timers/promises';

const isUp = async ({ host }) => {
  await sleep(8);
  return !host.startsWith('old');
};

class Mirrors {
  list = [{ host: 'old.example' }, { host: 'new.example' }];

  async pick() {
    await sleep(5);
    const mirror = this.list.find(isUp);
    return mirror.host;
  }
}

console.log(await new Mirrors().pick());
await sleep(20);
