// A wish list in a store: the delivery date is asked for while wishes come in.
import { setTimeout as delay } from 'node:timers/promises';

interface Wishes {
  readonly names: readonly string[];
  readonly arrives?: string;
}

class Store<T> {
  #state: T;
  constructor(state: T) {
    this.#state = state;
  }
  getState(): T {
    return this.#state;
  }
  setState(state: T): void {
    this.#state = state;
  }
}

const wishes = new Store<Wishes>({ names: [] });

function wish(name: string): void {
  const now = wishes.getState();
  wishes.setState({ ...now, names: [...now.names, name] });
}

async function askArrival(): Promise<void> {
  const list = wishes.getState();
  await delay(20);
  const next = { ...wishes.getState(), arrives: list.names.length > 1 ? 'Friday' : 'Monday' };
  wishes.setState(next);
}

wish('train');
const asked = askArrival();
setTimeout(() => wish('kite'), 5);
await asked;
console.log(wishes.getState());
