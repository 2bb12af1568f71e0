// A printer is asked for its state until it answers.
import { setTimeout as delay } from 'node:timers/promises';

class Printer {
  asked = 0;
  async state(): Promise<string> {
    await delay(2);
    this.asked++;
    throw new Error('no such printer');
  }
}

async function stateOf(printer: Printer): Promise<string> {
  let left = 20;
  while (true) {
    try {
      return await printer.state();
    } catch (error) {
      if (left-- === 0) throw error;
    }
  }
}

const printer = new Printer();
stateOf(printer).catch((error: Error) => console.log(error.message, printer.asked));
