// A client whose calls end when the session is aborted.
class Session {
  readonly controller = new AbortController();

  async call(n: number): Promise<number> {
    const { signal } = this.controller;
    return new Promise<number>((resolve, reject) => {
      const stop = (): void => reject(new Error('aborted'));
      signal.addEventListener('abort', stop, { once: true });
      this.answer(n).then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
    });
  }

  private async answer(n: number): Promise<number> {
    await new Promise((resolve) => setImmediate(resolve));
    return n * 2;
  }
}

const session = new Session();
let sum = 0;
for (let round = 0; round < 60; round++)
  for (const n of await Promise.all(Array.from({ length: 20 }, (_, i) => session.call(i)))) sum += n;
console.log(sum);
