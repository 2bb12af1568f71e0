// Requests that end early when the client goes.
import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

class Client {
  constructor(private readonly signal: AbortSignal) {}

  async request(path: string): Promise<string> {
    let isGone = false;
    const leave = (): void => {
      isGone = true;
    };
    this.signal.addEventListener('abort', leave);
    try {
      await delay(1);
      return isGone ? 'gone' : path;
    } finally {
      this.signal.removeEventListener('abort', leave);
    }
  }
}

const controller = new AbortController();
setMaxListeners(0, controller.signal);
const client = new Client(controller.signal);
for (let i = 0; i < 70; i++) await client.request(`/${i}`);
console.log('done');
