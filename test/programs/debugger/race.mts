/** Two deposits read one balance before either writes it: an update is lost. */
import { setTimeout as sleep } from 'node:timers/promises';

class Account {
  balance = 0;

  async deposit(amount: number): Promise<void> {
    const before = this.balance;
    await sleep(amount);
    this.balance = before + amount;
  }
}

const account = new Account();
await Promise.all([account.deposit(5), account.deposit(9)]);
console.log(account.balance);
