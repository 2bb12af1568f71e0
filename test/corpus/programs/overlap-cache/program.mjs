// A cache that is renewed by an interval.
import { setTimeout as delay } from 'node:timers/promises';

class Cache {
  rows = [];
  async load(page) {
    await delay(20);
    return [page, page + 1];
  }
  async renew() {
    const old = this.rows;
    let fresh = [];
    for (let page = 0; page < 4; page++) fresh = fresh.concat(await this.load(fresh.length));
    this.rows = fresh.concat(old).slice(0, 8);
  }
}
const cache = new Cache();
const timer = setInterval(() => cache.renew(), 30);
await delay(300);
clearInterval(timer);
await delay(120);
console.log(cache.rows.length);
