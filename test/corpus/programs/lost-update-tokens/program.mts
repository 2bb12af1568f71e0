// A bucket of tokens in a closure; whoever takes one writes the count that it saw.
import { setImmediate as turn } from 'node:timers/promises';

function bucket(size: number): { take: () => Promise<boolean>; left: () => number } {
  let left = size;
  return {
    async take() {
      const now = left;
      if (now === 0) return false;
      await turn();
      left = now - 1;
      return true;
    },
    left: () => left,
  };
}
const [one, two] = [bucket(3), bucket(3)];
await Promise.all([one.take(), one.take(), two.take()]);
console.log(one.left(), two.left());
