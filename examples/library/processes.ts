/**
 * Processes: started with arguments, joined, asked for their exit code, and one of them terminated
 * early.
 *
 * What to look for: a lane for each process, who started it, how long main waited to join it, and
 * how each ended.
 */
import { isMain, Process, run } from 'simul';

export function greet(name: string, greeting = 'hello'): string {
  return `${greeting}, ${name}`;
}

export function exits(code: number): void {
  process.exit(code);
}

export function sleeps(): Promise<void> {
  return new Promise((done) => setTimeout(done, 60_000));
}

// A child that looks for its function imports this file: only the program itself runs it.
if (isMain) {
  await run(async function main() {
    const one = new Process(greet, { args: ['Ada'], name: 'one' });
    const two = new Process(greet, { args: ['Bob', 'good evening'], name: 'two' });
    one.start();
    two.start();
    console.log(await one.join(), one.exitCode);
    console.log(await two.join(), two.exitCode);

    const three = new Process(exits, { args: [3], name: 'three' });
    three.start();
    try {
      await three.join();
    } catch (error) {
      console.log((error as Error).message, three.exitCode);
    }

    const four = new Process(sleeps, { name: 'four' });
    four.start();
    four.terminate();
    await four.join().catch((error: unknown) => console.log((error as Error).message));
    console.log(four.isAlive);
  });
}
