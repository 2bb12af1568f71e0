// A pool of our own; a connection goes back by putBack.
import { setTimeout as delay } from 'node:timers/promises';

interface Connection {
  readonly id: number;
  rows(day: string): Promise<number>;
}

class Connections {
  private readonly idle: Connection[] = [];
  private readonly waiting: ((connection: Connection) => void)[] = [];
  constructor(size: number) {
    for (let id = 1; id <= size; id++) this.idle.push({ id, rows: (day) => delay(3, day.includes('u') ? 0 : 4) });
  }
  checkout(): Promise<Connection> {
    const connection = this.idle.pop();
    if (connection !== undefined) return Promise.resolve(connection);
    return new Promise((resolve) => this.waiting.push(resolve));
  }
  putBack(connection: Connection): void {
    const next = this.waiting.shift();
    if (next !== undefined) next(connection);
    else this.idle.push(connection);
  }
}

const connections = new Connections(2);

async function report(day: string): Promise<string> {
  const connection = await connections.checkout();
  const rows = await connection.rows(day);
  if (rows === 0) return `${day}: nothing`;
  connections.putBack(connection);
  return `${day}: ${rows}`;
}

const days = ['Mon', 'Tue', 'Wed', 'Thu'];
console.log(await Promise.all(days.map((day) => report(day))));
console.log(await report('Fri'));
