// A balance is read, and written back later.
const { setTimeout: delay } = require('node:timers/promises');
let balance = 0;
async function pay() {
  const before = balance;
  await delay(4);
  balance = before + 1;
}
const timer = setInterval(() => {
  pay();
}, 25);
setTimeout(() => {
  clearInterval(timer);
  console.log(balance > 0);
}, 400);
