// At most two downloads at a time.
import { setTimeout as delay } from 'node:timers/promises';

const createSlots = (free: number) => {
  const queue: (() => void)[] = [];
  const acquire = async (): Promise<void> => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => queue.push(resolve));
  };
  const release = (): void => {
    const next = queue.shift();
    if (next) next();
    else free++;
  };
  return { acquire, release };
};
const { acquire, release } = createSlots(2);

async function fetchPart(part: number): Promise<number> {
  await delay(15);
  return part;
}

const download = async (part: number): Promise<number> => {
  await acquire();
  try {
    return await fetchPart(part);
  } finally {
    release();
  }
};

Promise.all([1, 2, 3, 4].map(download)).then((parts) => console.log(parts.length));
