// A client whose calls end when the session is aborted.
class Session {
  readonly controller = new AbortController();
  private readonly aborted = new Promise<never>((_, reject) => {
    this.controller.signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
  });

  async call(n: number): Promise<number> {
    return Promise.race([this.answer(n), this.aborted]);
  }

  private async answer(n: number): Promise<number> {
    await new Promise((resolve) => setImmediate(resolve));
    return n * 2;
  }
}

const session = new Session();
let sum = 0;
for (let round = 0; round < 30; round++)
  for (const n of await Promise.all(Array.from({ length: 40 }, (_, i) => session.call(i)))) sum += n;
console.log(sum);
