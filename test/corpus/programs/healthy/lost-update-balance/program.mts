// Three withdrawals at once: each goes by the balance that it saw first.
import { setTimeout as delay } from 'node:timers/promises';

let balance = 100;
async function withdraw(amount: number): Promise<void> {
  await delay(5);
  const before = balance;
  balance = before - amount;
}
await Promise.all([withdraw(10), withdraw(20), withdraw(30)]);
console.log(balance);
