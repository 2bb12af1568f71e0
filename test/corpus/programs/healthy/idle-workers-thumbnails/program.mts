// Makes thumbnails in three threads; each thread takes the next picture when it has made one.
import { once } from 'node:events';
import { Worker, isMainThread, parentPort } from 'node:worker_threads';

interface Picture {
  readonly name: string;
  readonly megapixels: number;
}

/** Stands for work: the thread is busy for about so long. */
const scale = ({ megapixels }: Picture): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, megapixels * 10);
};

const THREADS = 3;

async function thumbnails(worker: Worker, pictures: Picture[]): Promise<number> {
  let made = 0;
  for (let picture = pictures.shift(); picture !== undefined; picture = pictures.shift()) {
    worker.postMessage(picture);
    await once(worker, 'message');
    made++;
  }
  await worker.terminate();
  return made;
}

if (isMainThread) {
  const pictures = Array.from({ length: 18 }, (_, n) => ({ name: `p${n}`, megapixels: n % 3 === 1 ? 16 : 2 }));
  const made = await Promise.all(
    Array.from({ length: THREADS }, (_, thread) => {
      const worker = new Worker(new URL(import.meta.url), { name: `thumbs-${thread}` });
      return thumbnails(worker, pictures);
    }),
  );
  console.log('made', made.reduce((a, b) => a + b));
} else {
  parentPort!.on('message', (picture: Picture) => {
    scale(picture);
    parentPort!.postMessage(picture.name);
  });
}
