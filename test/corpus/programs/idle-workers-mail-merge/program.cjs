'use strict';
// Renders letters in four threads. All letters are handed out at once, by their number.
const { Worker, isMainThread, parentPort, workerData } = require('node:worker_threads');

const render = (pages) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pages * 5);

if (isMainThread) {
  const letters = Array.from({ length: 32 }, (_, n) => ({ n, pages: n % 4 === 0 ? 24 : 2 }));
  const renderers = [];
  let open = letters.length;
  for (let i = 0; i < 4; i++) {
    const renderer = new Worker(__filename, { name: `renderer-${i}`, workerData: { i } });
    renderer.on('message', () => {
      if (--open > 0) return;
      console.log('all letters are rendered');
      for (const each of renderers) each.postMessage('end');
    });
    renderers.push(renderer);
  }
  for (const letter of letters) {
    renderers[letter.n % renderers.length].postMessage(letter);
  }
} else {
  parentPort.on('message', (letter) => {
    if (letter === 'end') return parentPort.close();
    render(letter.pages);
    parentPort.postMessage({ by: workerData.i, n: letter.n });
  });
}
