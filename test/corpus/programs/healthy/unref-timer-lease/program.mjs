// Waits until a lease has run out.
import { EventEmitter, once } from 'node:events';

class Leases extends EventEmitter {
  take(name, ms) {
    const timer = setTimeout(() => this.emit('over', name), ms);
    this.timer = timer;
  }
}

async function waitForLease() {
  const leases = new Leases();
  leases.take('db', 400);
  const [name] = await once(leases, 'over');
  console.log(name, 'is free');
}
await waitForLease();
