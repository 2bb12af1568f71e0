import { Inject, Injectable, NotFoundException, Scope } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Task {
  readonly id: number;
  readonly title: string;
}

@Injectable()
export class Clock {
  ticks = 0;

  async tick(): Promise<number> {
    await sleep(1);
    return ++this.ticks;
  }
}

/** Found by its type alone: only metadata of the constructor's parameters says so. */
@Injectable()
export class Store {
  private readonly tasks = new Map<number, Task>();
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly clock: Clock) {}

  add(title: string): Promise<Task> {
    const added = this.last.then(() => this.write(title));
    this.last = added.catch(() => undefined);
    return added;
  }

  private async write(title: string): Promise<Task> {
    const id = await this.clock.tick();
    const task = { id, title };
    this.tasks.set(id, task);
    return task;
  }

  async find(id: number): Promise<Task> {
    await Promise.resolve();
    const task = this.tasks.get(id);
    if (task === undefined) throw new NotFoundException(`no task ${id}`);
    return task;
  }

  async *all(): AsyncGenerator<Task> {
    for (const task of this.tasks.values()) {
      await null;
      yield task;
    }
  }
}

export const PREFIX = 'PREFIX';

@Injectable({ scope: Scope.REQUEST })
export class Greeter {
  private count = 0;

  constructor(@Inject(PREFIX) private readonly prefix: string) {}

  async greet(name: string): Promise<string> {
    await sleep(1);
    return `${this.prefix} ${name} ${++this.count}`;
  }
}
