// Prices are asked for with a limit.
import { setTimeout as delay } from 'node:timers/promises';

async function priceOf(symbol) {
  await delay(90);
  return symbol.length;
}

const limit = (ms) =>
  delay(ms).then(() => {
    throw new Error('too slow');
  });

async function priceOrNone(symbol) {
  try {
    return await Promise.race([priceOf(symbol), limit(600)]);
  } catch {
    return 0;
  }
}

const prices = (symbols) => Promise.all(symbols.map(priceOrNone));

console.log(await prices(['A', 'BB', 'CCC', 'DDDD', 'EEEEE']));
