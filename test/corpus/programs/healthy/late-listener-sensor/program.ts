// Readings of a sensor, corrected by what a file says.
import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

class Sensor extends EventEmitter {
  start(): void {
    let value = 0;
    const timer = setInterval(() => {
      this.emit('reading', value++);
      if (value === 4) clearInterval(timer);
    }, 8);
  }
}

async function correction(): Promise<number> {
  await delay(60);
  return 2;
}

async function main(): Promise<void> {
  const sensor = new Sensor();
  const factor = await correction();
  const readings: number[] = [];
  sensor.on('reading', (value: number) => readings.push(factor * value));
  sensor.start();
  await delay(50);
  console.log(readings.length);
}
void main();
