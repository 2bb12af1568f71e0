import { setTimeout as sleep } from 'node:timers/promises';

class Account {
  #balance = 100;
  async read() {
    await sleep(3);
    return this.#balance;
  }
  async write(amount) {
    await sleep(3);
    this.#balance = amount;
  }
}

const account = new Account();
async function withdraw(amount) {
  const balance = await account.read();
  if (balance < amount) throw new Error('too little');
  await account.write(balance - amount);
}

await Promise.all([withdraw(10), withdraw(20), withdraw(30)]);
console.log(await account.read());
