// Transfers between accounts, one at a time under a lock.
import { setTimeout as delay } from 'node:timers/promises';

class Lock {
  private tail: Promise<void> = Promise.resolve();
  private openNext: (() => void)[] = [];
  async lock(): Promise<void> {
    const before = this.tail;
    this.tail = new Promise((resolve) => this.openNext.push(resolve));
    await before;
  }
  unlock(): void {
    this.openNext.shift()?.();
  }
}

class Ledger {
  private readonly balances = new Map([
    ['ada', 100],
    ['bob', 100],
  ]);
  private readonly mutex = new Lock();
  private readonly journal: string[] = [];

  private async move(from: string, to: string, amount: number): Promise<number> {
    await this.write(`${from} -${amount}`);
    this.balances.set(from, this.balances.get(from)! - amount);
    await this.write(`${to} +${amount}`);
    this.balances.set(to, this.balances.get(to)! + amount);
    return amount;
  }
  private async write(line: string): Promise<void> {
    await delay(30);
    this.journal.push(line);
  }
  async transfer(from: string, to: string, amount: number): Promise<number> {
    await this.mutex.lock();
    try {
      return await this.move(from, to, amount);
    } finally {
      this.mutex.unlock();
    }
  }
  get lines(): number {
    return this.journal.length;
  }
}

async function main(): Promise<void> {
  const ledger = new Ledger();
  await Promise.all([ledger.transfer('ada', 'bob', 10), ledger.transfer('bob', 'ada', 5)]);
  console.log(ledger.lines);
}
void main();
