// A theatre sells seats; a seat is reserved while it is paid for.
import { createServer } from 'node:http';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

class Seats {
  private readonly queue: ((seat: number) => void)[] = [];
  private readonly free: number[];
  constructor(count: number) {
    this.free = Array.from({ length: count }, (_, seat) => seat + 1);
  }
  reserve(): Promise<number> {
    return new Promise((resolve) => {
      const seat = this.free.pop();
      if (seat === undefined) this.queue.push(resolve);
      else resolve(seat);
    });
  }
  giveBack(seat: number): void {
    const next = this.queue.shift();
    if (next === undefined) this.free.push(seat);
    else next(seat);
  }
}

const seats = new Seats(2);

async function pay(card: string): Promise<void> {
  await delay(8);
  if (card === 'expired') throw new Error('the card has expired');
}

async function tryOut(card: string): Promise<string> {
  const seat = await seats.reserve();
  try {
    await pay(card);
  } catch (error) {
    return (error as Error).message;
  }
  seats.giveBack(seat);
  return 'seen';
}

async function main(): Promise<void> {
  const office = createServer((_, response) => response.end('open'));
  office.listen(0, '127.0.0.1');
  await once(office, 'listening');
  const cards = ['valid', 'expired', 'expired', 'valid', 'valid'];
  for (const card of cards) console.log(card, await tryOut(card));
  office.close();
}
void main();
