// same: needs=main
import { Worker, MessageChannel, receiveMessageOnPort } from 'node:worker_threads'; import { once } from 'node:events';
const worker = new Worker(`const { parentPort, workerData } = require('node:worker_threads'); parentPort.on('message', async ({ n, port }) => { await null; port.postMessage(n * workerData); if (n === 3) parentPort.close(); });`, { eval: true, workerData: 10 });
const { port1, port2 } = new MessageChannel(); const ended = once(worker, 'exit'); worker.postMessage({ n: 1, port: port2 }, [port2]); console.log((await once(port1, 'message'))[0]); port1.close(); const c = new MessageChannel(); worker.postMessage({ n: 3, port: c.port2 }, [c.port2]); console.log((await once(c.port1, 'message'))[0], receiveMessageOnPort(c.port1)); console.log(await ended);
