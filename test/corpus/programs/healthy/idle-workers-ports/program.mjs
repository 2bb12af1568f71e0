// Compresses files in three threads, over ports of their own, turn by turn.
import { MessageChannel, Worker, isMainThread, parentPort } from 'node:worker_threads';

const ENDINGS = ['txt', 'log', 'csv'];

if (isMainThread) {
  const packers = ENDINGS.map((ending) => {
    const worker = new Worker(new URL(import.meta.url), { name: `packs-${ending}` });
    const { port1, port2 } = new MessageChannel();
    worker.postMessage({ jobs: port2 }, [port2]);
    return { worker, port: port1, waiting: [] };
  });
  for (const packer of packers) packer.port.on('message', (size) => packer.waiting.shift()(size));

  function pack(file) {
    const packer = packers[parseInt(file, 10) % packers.length];
    packer.port.postMessage(file);
    return new Promise((done) => packer.waiting.push(done));
  }

  const files = Array.from({ length: 24 }, (_, n) => `${n}.${n % 12 === 0 ? 'txt' : n % 12 === 5 ? 'csv' : 'log'}`);
  const sizes = await Promise.all(files.map(pack));
  console.log('packed', sizes.length);
  for (const { worker, port } of packers) {
    port.close();
    await worker.terminate();
  }
} else {
  parentPort.once('message', ({ jobs }) => {
    jobs.on('message', (file) => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
      jobs.postMessage(file.length);
    });
  });
}
