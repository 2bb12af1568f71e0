// A worker counts words of a text that the main thread has.
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';

if (isMainThread) {
  const flags = new Int32Array(new SharedArrayBuffer(8));
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData: flags });
  const texts = ['one two', 'three four five'];
  worker.on('message', ({ text }: { text: number }) =>
    worker.postMessage({ words: texts[text]!.split(' ').length }),
  );
  function callSync(n: number): number | null {
    worker.postMessage({ n });
    const how = Atomics.wait(flags, 0, 0, 900);
    return how === 'timed-out' ? null : flags[1]!;
  }
  console.log(callSync(1));
  worker.terminate();
} else {
  parentPort!.on('message', ({ n, words }: { n?: number; words?: number }) => {
    if (n !== undefined) return parentPort!.postMessage({ text: n });
    const flags = workerData as Int32Array;
    flags[1] = words!;
    Atomics.store(flags, 0, 1);
    Atomics.notify(flags, 0);
  });
}
