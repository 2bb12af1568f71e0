// Counts the rows of some tables with a pool of two connections.
import { setTimeout as delay } from 'node:timers/promises';

class Connection {
  #open = true;
  async count(table) {
    await delay(40);
    return this.#open ? table.length * 100 : 0;
  }
}

class Pool {
  #idle = [new Connection(), new Connection()];
  #waiting = [];
  acquire() {
    const connection = this.#idle.pop();
    if (connection) return Promise.resolve(connection);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
  release(connection) {
    const next = this.#waiting.shift();
    if (next) next(connection);
    else this.#idle.push(connection);
  }
}

const pool = new Pool();

async function countRows(table) {
  const connection = await pool.acquire();
  try {
    return connection.count(table);
  } finally {
    pool.release(connection);
  }
}

const tables = ['users', 'orders', 'invoices', 'mails'];
console.log(await Promise.all(tables.map(countRows)));
