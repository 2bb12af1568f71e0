// A cache that says when it is filled.
import { EventEmitter, once } from 'node:events';

class Cache {
  readonly events = new EventEmitter();
  readonly rows = new Map<number, string>();

  fill(): void {
    for (let id = 0; id < 10; id++) this.rows.set(id, `row ${id}`);
    this.events.emit('filled', this.rows.size);
  }

  async get(id: number): Promise<string | undefined> {
    await once(this.events, 'filled');
    return this.rows.get(id);
  }
}

const cache = new Cache();
cache.fill();
console.log(await cache.get(3));
