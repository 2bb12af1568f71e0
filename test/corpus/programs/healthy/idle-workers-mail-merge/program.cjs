'use strict';
// Renders letters in four threads. A thread gets the next letter when it has rendered one.
const { Worker, isMainThread, parentPort, workerData } = require('node:worker_threads');

const render = (pages) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pages * 5);

if (isMainThread) {
  const letters = Array.from({ length: 32 }, (_, n) => ({ n, pages: n % 4 === 0 ? 24 : 2 }));
  let open = letters.length;
  for (let i = 0; i < 4; i++) {
    const renderer = new Worker(__filename, { name: `renderer-${i}`, workerData: { i } });
    const next = () => renderer.postMessage(letters.shift() ?? 'end');
    renderer.on('message', () => {
      if (--open === 0) console.log('all letters are rendered');
      next();
    });
    next();
  }
} else {
  parentPort.on('message', (letter) => {
    if (letter === 'end') return parentPort.close();
    render(letter.pages);
    parentPort.postMessage({ by: workerData.i, n: letter.n });
  });
}
