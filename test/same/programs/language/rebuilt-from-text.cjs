async function work(x) { const y = await x; for await (const z of [y]) return z * 2; }
const again = new Function(`return (${work})`)(); again(21).then(console.log);
const vm = require('node:vm'); vm.runInNewContext(`(${work})`)(4).then(console.log); eval(`(${work})`)(5).then(console.log);
const { Worker } = require('node:worker_threads'); new Worker(`require('node:worker_threads').parentPort.postMessage(1);(${work})(6).then(v => require('node:worker_threads').parentPort.postMessage(v))`, { eval: true }).on('message', (v) => console.log('worker', v));
