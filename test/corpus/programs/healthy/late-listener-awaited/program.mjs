// The printer is waited for before it warms up.
import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { pEvent } from 'p-event';

class Printer extends EventEmitter {
  warmUp() {
    setTimeout(() => this.emit('ready'), 15);
  }
}

async function loadPages() {
  await delay(60);
  return ['one', 'two'];
}

async function print(printer) {
  const ready = pEvent(printer, 'ready');
  printer.warmUp();
  const pages = await loadPages();
  await ready;
  return pages.length;
}

console.log(await print(new Printer()));
