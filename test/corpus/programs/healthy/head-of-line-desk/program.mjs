// A desk answers what clients ask, in order.
import { setTimeout as delay } from 'node:timers/promises';

class Desk {
  constructor() {
    this.asked = [];
    this.wake = null;
  }
  ask(minutes) {
    return new Promise((resolve) => {
      this.asked.push({ minutes, resolve });
      this.wake?.();
    });
  }
  async answer(minutes) {
    await delay(minutes);
    return minutes;
  }
  async open(count) {
    for (let n = 0; n < count; n++) {
      if (this.asked.length === 0) await new Promise((resolve) => (this.wake = resolve));
      const { minutes, resolve } = this.asked.shift();
      void this.answer(minutes).then(resolve);
    }
  }
}

class Client {
  constructor(desk) {
    this.desk = desk;
  }
  async audit() {
    return this.desk.ask(400);
  }
  async greet() {
    return this.desk.ask(4);
  }
}

const desk = new Desk();
const client = new Client(desk);
const opened = desk.open(6);
const audit = client.audit();
await Promise.all(Array.from({ length: 5 }, () => client.greet()));
await Promise.all([audit, opened]);
console.log('closed');
