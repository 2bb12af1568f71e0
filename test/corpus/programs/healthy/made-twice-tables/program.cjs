// Tables are made before the first query.
const { setTimeout: delay } = require('node:timers/promises');

class Store {
  constructor() {
    this.ready = false;
    this.made = 0;
  }
  async makeTables() {
    await delay(20);
    this.made++;
  }
  async query(text) {
    this.ready ||= this.makeTables();
    await this.ready;
    return text.length;
  }
}

const store = new Store();
Promise.all(['a', 'bb', 'ccc'].map((text) => store.query(text))).then(() => console.log(store.made));
