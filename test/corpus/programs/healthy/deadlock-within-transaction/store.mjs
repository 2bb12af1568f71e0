// A store whose queries begin when somebody waits for them, as those of query builders do.
import { setTimeout as pause } from 'node:timers/promises';

class Query {
  #run;
  constructor(run) {
    this.#run = run;
  }
  then(done, fail) {
    return this.#run().then(done, fail);
  }
}

class Store {
  #free;
  #waitMs;
  rows = [];
  constructor({ connections, waitMs }) {
    this.#free = connections;
    this.#waitMs = waitMs;
  }

  insert(table, row) {
    return new Query(async () => this.#connected(() => this.#write(table, row)));
  }

  transaction(work) {
    const within = { insert: (table, row) => new Query(async () => this.#write(table, row)) };
    return new Query(async () => this.#connected(() => work(within)));
  }

  async #connected(work) {
    for (let waitedMs = 0; this.#free === 0; waitedMs += 20) {
      if (waitedMs >= this.#waitMs) throw new Error('no connection came free');
      await pause(20);
    }
    this.#free--;
    try {
      return await work();
    } finally {
      this.#free++;
    }
  }

  async #write(table, row) {
    await pause(5);
    this.rows.push([table, row]);
  }
}

export const openStore = (options) => new Store(options);
