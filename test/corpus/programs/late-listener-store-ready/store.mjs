import { EventEmitter } from 'node:events';

export const store = new EventEmitter();

export function openStore() {
  setTimeout(() => {
    store.emit('ready');
  }, 5);
}
