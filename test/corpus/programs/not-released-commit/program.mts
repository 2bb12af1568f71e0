// Edits of a document: begin, change, commit.
import { setTimeout as delay } from 'node:timers/promises';

class Gate {
  private open = true;
  private readonly waiting: (() => void)[] = [];
  enter(): Promise<void> | undefined {
    if (!this.open) return new Promise((resolve) => this.waiting.push(resolve));
    this.open = false;
  }
  leave(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.open = true;
  }
}

const gate = new Gate();
let text = '';

async function begin(): Promise<string> {
  await gate.enter();
  await delay(2);
  return text;
}

async function commit(next: string): Promise<void> {
  await delay(2);
  text = next;
  gate.leave();
}

async function edit(word: string): Promise<void> {
  const before = await begin();
  if (word.length > 5) return;
  await commit(`${before} ${word}`);
}

await Promise.all(['see', 'saw', 'seesaw', 'sea'].map(edit));
console.log(text);
