// gain: together 13
import { setTimeout as sleep } from 'node:timers/promises';

class Service {
  async load(id) {
    await sleep(25);
    return id;
  }

  async report(ids) {
    const rows = [];
    for (const id of ids) {
      rows.push(await this.load(id));
    }
    return rows;
  }
}

console.log((await new Service().report([1, 2, 3, 4, 5, 6])).length);
