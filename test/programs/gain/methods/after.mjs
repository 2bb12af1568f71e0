import { setTimeout as sleep } from 'node:timers/promises';

class Service {
  async load(id) {
    await sleep(25);
    return id;
  }

  async report(ids) {
    return Promise.all(ids.map((id) => this.load(id)));
  }
}

console.log((await new Service().report([1, 2, 3, 4, 5, 6])).length);
