// A store loads its rows, and says when they are there.
import Emittery from 'emittery';
import { setTimeout as sleep } from 'node:timers/promises';

class Store {
  events = new Emittery();
  rows = [];
  async load() {
    this.rows = ['lamp', 'desk'];
    await this.events.emit('loaded', this.rows.length);
  }
}
const store = new Store();
const loaded = store.events.once('loaded');
await store.load();
await sleep(30);
const keeper = setInterval(() => {}, 1000);
const count = await loaded;
console.log(count, 'rows');
clearInterval(keeper);
