// A tariff is published once, while the meter is still being read.
import { firstValueFrom, map, ReplaySubject } from 'rxjs';
import { setTimeout as delay } from 'node:timers/promises';

class Tariffs {
  #published = new ReplaySubject(1);
  tariff$ = this.#published.asObservable();

  async load() {
    await delay(10);
    this.#published.next({ day: 0.31, night: 0.22 });
    this.#published.complete();
  }
}

async function readMeter() {
  await delay(40);
  return { day: 120, night: 80 };
}

async function bill(tariffs) {
  const loading = tariffs.load();
  const meter = await readMeter();
  const price = await firstValueFrom(tariffs.tariff$.pipe(map(({ day }) => day)));
  await loading;
  return meter.day * price;
}

try {
  console.log((await bill(new Tariffs())).toFixed(2));
} catch (error) {
  console.log('no bill:', error.message);
}
