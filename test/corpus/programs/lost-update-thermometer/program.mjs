// A reading is calibrated while another one comes in from a listener.
import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

class Thermometer extends EventEmitter {
  #reading = { celsius: 20, offset: 0 };

  constructor() {
    super();
    this.on('sample', (celsius) => {
      this.#reading = { ...this.#reading, celsius };
    });
  }

  get reading() {
    return this.#reading;
  }

  async calibrate() {
    const before = this.#reading;
    const offset = await this.#measureOffset();
    this.#reading = { ...before, offset };
  }

  async #measureOffset() {
    await delay(20);
    return -0.5;
  }
}

const thermometer = new Thermometer();
const calibrated = thermometer.calibrate();
setTimeout(() => thermometer.emit('sample', 23), 5);
await calibrated;
console.log(thermometer.reading);
