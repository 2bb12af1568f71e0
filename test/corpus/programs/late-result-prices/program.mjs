// Prices are asked for with a limit that no price keeps.
import { setTimeout as delay } from 'node:timers/promises';

async function priceOf(symbol) {
  await delay(90);
  return symbol.length;
}

const limit = (ms) =>
  delay(ms).then(() => {
    throw new Error('too slow');
  });

async function prices(symbols) {
  const found = [];
  for (const symbol of symbols) {
    try {
      found.push(await Promise.race([priceOf(symbol), limit(60)]));
    } catch {
      found.push(0);
    }
  }
  return found;
}

console.log(await prices(['A', 'BB', 'CCC', 'DDDD', 'EEEEE']));
