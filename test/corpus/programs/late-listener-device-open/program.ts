// A device says when it is open.
import { EventEmitter, once } from 'node:events';

class Device extends EventEmitter {
  readonly path: string;
  constructor(path: string) {
    super();
    this.path = path;
    this.emit('open', path);
  }
}

async function start(): Promise<void> {
  const device = new Device('/dev/null');
  const [path] = await once(device, 'open');
  console.log(path);
}
start();
