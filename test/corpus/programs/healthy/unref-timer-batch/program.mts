// Collects lines for a while and writes them in one go.
type Flush = (lines: string[]) => void;

class Batcher {
  readonly #lines: string[] = [];
  readonly #flush: Flush;
  #timer: NodeJS.Timeout | null = null;
  constructor(flush: Flush) {
    this.#flush = flush;
  }
  add(line: string): Promise<number> {
    this.#lines.push(line);
    return new Promise((resolve) => {
      this.#timer ??= setTimeout(() => {
        this.#timer = null;
        this.#flush(this.#lines.splice(0));
        resolve(0);
      }, 300);
    });
  }
}

async function log(): Promise<void> {
  const batcher = new Batcher((lines) => console.log(lines.join(' ')));
  await batcher.add('one');
}
await log();
