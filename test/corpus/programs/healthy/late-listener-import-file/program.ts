// A file is imported line by line.
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

class Import {
  constructor(private readonly file: string) {}

  async createTable(): Promise<void> {
    await delay(100);
  }

  async run(): Promise<number> {
    let rows = 0;
    await this.createTable();
    const reader = createInterface({ input: createReadStream(this.file), crlfDelay: Infinity });
    for await (const line of reader) if (line !== '') rows++;
    return rows;
  }
}

new Import(__filename).run().then((rows) => console.log(rows));
