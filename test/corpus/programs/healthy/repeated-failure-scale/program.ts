// Weighs parcels on a scale that answers nothing but "tare" until it has been set to zero.
import { setTimeout as delay } from 'node:timers/promises';

class Scale {
  private isZero = false;
  private load = 0;
  async put(grams: number): Promise<void> {
    await delay(5);
    this.load = grams;
  }
  async zero(): Promise<void> {
    await delay(20);
    this.isZero = true;
  }
  async weigh(): Promise<number> {
    await delay(10);
    if (!this.isZero) throw new RangeError('tare');
    return this.load;
  }
}

async function weighParcel(scale: Scale, grams: number): Promise<number | null> {
  await scale.put(grams);
  for (const pause of [150, 300, 450, 0]) {
    try {
      return await scale.weigh();
    } catch {
      await delay(pause);
      if (pause === 300) await scale.zero();
    }
  }
  return null;
}

async function main(): Promise<void> {
  const scale = new Scale();
  const grams = await weighParcel(scale, 1200);
  console.log(grams === null ? 'not weighed' : `${grams} g`);
}
void main();
