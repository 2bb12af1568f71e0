// The price of each part of a cart.
import { setTimeout as sleep } from 'node:timers/promises';

async function priceOf(part) {
  await sleep(60);
  return part.length * 3;
}

async function priceList(parts) {
  const list = await parts.reduce(async (before, part) => {
    const prices = await before;
    prices[part] = await priceOf(part);
    return prices;
  }, Promise.resolve({}));
  return list;
}

console.log(await priceList(['wheel', 'frame', 'saddle', 'bell', 'lamp']));
