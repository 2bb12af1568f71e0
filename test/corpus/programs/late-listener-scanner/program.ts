// A scanner that reports its lamp and its lid in one message.
import { EventEmitter, once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

interface Report {
  readonly part: { readonly kind: string };
  readonly state: string;
}

class Scanner extends EventEmitter {
  async #answer(reports: readonly Report[]): Promise<void> {
    await sleep(5);
    for (const { part, state } of reports) this.emit(part.kind, state);
  }

  async warmUp(): Promise<string> {
    void this.#answer([
      { part: { kind: 'lamp' }, state: 'warm' },
      { part: { kind: 'ready' }, state: 'closed' },
    ]);
    const [lamp] = await once(this, 'lamp');
    const lid = await new Promise<string>((resolve) => this.once('ready', resolve));
    return `${lamp}, ${lid}`;
  }
}

const watch = setInterval(() => {}, 1000);
console.log(await new Scanner().warmUp());
clearInterval(watch);
