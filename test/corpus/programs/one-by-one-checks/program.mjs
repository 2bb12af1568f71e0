// Before the shop opens each of its parts is asked whether it is well.
import { setTimeout as sleep } from 'node:timers/promises';

class Till {
  constructor(name, ms) {
    this.name = name;
    this.ms = ms;
  }
  async probe() {
    await sleep(this.ms);
    this.last = 'well';
  }
}

class Scales {
  name = 'scales';
  async probe() {
    await this.#weigh();
    await sleep(30);
  }
  async #weigh() {
    await sleep(60);
    this.last = 'level';
  }
}

async function open(parts) {
  for (let i = 0; i < parts.length; i++) {
    await parts[i].probe();
    console.log(parts[i].name, parts[i].last);
  }
}

await open([new Till('north', 90), new Scales(), new Till('south', 110), new Till('yard', 80)]);
