// Adds up numbers in a worker.
const { Worker } = require('node:worker_threads');

class Adder {
  constructor() {
    this.worker = new Worker(
      `const { parentPort } = require('node:worker_threads');
       parentPort.on('message', (list) => parentPort.postMessage(list.reduce((a, b) => a + b, 0)));`,
      { eval: true },
    );
  }
  add(list) {
    return new Promise((resolve) => {
      this.worker.once('message', resolve);
      this.worker.postMessage(list);
    });
  }
}

async function main() {
  const adder = new Adder();
  console.log(await adder.add([1, 2, 3]));
  console.log(await adder.add([4, 5]));
  return adder;
}
main();
