// Reads the meters of a house over a bus on which one request is answered at a time.
import { setTimeout as delay } from 'node:timers/promises';

interface Request {
  readonly millis: number;
  readonly answer: (value: number) => void;
}

class FieldBus {
  private readonly requests: Request[] = [];
  private isBusy = false;

  readRegister(address: number): Promise<number> {
    return new Promise((answer) => this.add({ millis: 4, answer: () => answer(address * 2) }));
  }
  scanDevices(from: number, to: number): Promise<number> {
    return new Promise((answer) => this.add({ millis: 250, answer: () => answer(to - from) }));
  }
  private add(request: Request): void {
    this.requests.push(request);
    if (!this.isBusy) this.serve();
  }
  private serve(): void {
    const request = this.requests.shift();
    this.isBusy = request !== undefined;
    if (request === undefined) return;
    setTimeout(() => {
      request.answer(0);
      this.serve();
    }, request.millis);
  }
}

async function findDevices(bus: FieldBus): Promise<number> {
  let devices = 0;
  for (let from = 0; from < 40; from += 10) {
    devices += await bus.scanDevices(from, from + 10);
    await delay(10);
  }
  return devices;
}

async function readPower(bus: FieldBus): Promise<number> {
  let watts = 0;
  for (let second = 0; second < 5; second++) {
    await delay(70);
    watts += await bus.readRegister(7);
  }
  return watts;
}

async function main(): Promise<void> {
  const [meters, devicesBus] = [new FieldBus(), new FieldBus()];
  const [devices, watts] = await Promise.all([findDevices(devicesBus), readPower(meters)]);
  console.log(devices, watts);
}
void main();
