// A file is imported line by line.
import { createReadStream } from 'node:fs';
import { createInterface, type Interface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

class Import {
  private readonly reader: Interface;
  constructor(file: string) {
    this.reader = createInterface({ input: createReadStream(file), crlfDelay: Infinity });
  }

  async createTable(): Promise<void> {
    await delay(100);
  }

  async run(): Promise<number> {
    let rows = 0;
    await this.createTable();
    for await (const line of this.reader) if (line !== '') rows++;
    return rows;
  }
}

new Import(__filename).run().then((rows) => console.log(rows));
