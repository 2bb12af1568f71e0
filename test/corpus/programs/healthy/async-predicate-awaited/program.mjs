// Lists that are asked by what was awaited before, and streams that await what they are given.
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

const isEven = async (n) => {
  await sleep(2);
  return n % 2 === 0;
};

class Store {
  rows = [1, 2, 3, 4];
  async filter(matches) {
    const found = [];
    for (const row of this.rows) if (await matches(row)) found.push(row);
    return found;
  }
  find(matches) {
    return this.filter(matches).then(([first]) => first);
  }
}

const numbers = [1, 2, 3, 4, 5, 6];
const answers = await Promise.all(numbers.map(isEven));
console.log(numbers.filter((_, i) => answers[i]));
console.log(await Readable.from(numbers).filter(async (n) => isEven(n)).toArray());
console.log(await Readable.from(numbers).some(isEven), await Readable.from(numbers).find(isEven));
const store = new Store();
console.log(await store.filter(isEven), await store.find(isEven));
console.log([].filter(async () => true).length, [].some(async () => true));
