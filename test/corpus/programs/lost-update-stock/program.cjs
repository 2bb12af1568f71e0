// Two orders of the last two lamps.
const { setTimeout: delay } = require('node:timers/promises');

const stock = new Map([
  ['lamp', 2],
  ['desk', 5],
]);
async function order(item) {
  const left = stock.get(item) ?? 0;
  if (left === 0) throw new Error(`no ${item} left`);
  await delay(3);
  stock.set(item, left - 1);
}
async function main() {
  await Promise.all([order('lamp'), order('desk'), order('lamp')]);
  console.log([...stock]);
}
void main();
