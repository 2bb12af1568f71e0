// A function's text is what the user wrote, and runs wherever it is sent as text.
const vm = require('node:vm');
const { Worker } = require('node:worker_threads');
async function work(n) {
  await null;
  try { return(await n) * 2 } catch ({ message }) { return message } finally { void other() }
}
const other = async () => { for await (const x of [1]) await x; };
class K {
  static s = async (a = other()) => await a;
  async m() { { let x = 1; return x } }
  async *[Symbol.iterator]() { yield; yield* other(); return }
}
const { toString } = Function.prototype;
console.log(String(work), `${K}`, K.prototype.m.toString(), K.s.toString(), other.toString());
console.log(toString.call(function () {}), toString.toString(), toString.name, toString.length, 'prototype' in toString);
try { toString.call(1) } catch (error) { console.log(error.message) }
try { new toString() } catch (error) { console.log(error.message) }
console.log(Object.getOwnPropertyDescriptor(Function.prototype, 'toString').enumerable, arguments.callee.toString());
const sent = String(work).replace('void other()', '');
work(0).then(console.log);
new Function('return ' + sent)()(1).then(console.log);
eval('(' + sent + ')')(2).then(console.log);
vm.runInNewContext('(' + sent + ')(3)').then(console.log);
const text = `const { parentPort } = require('node:worker_threads'); (${sent})(4).then((r) => parentPort.postMessage(r));`;
new Worker(text, { eval: true }).on('message', console.log).on('error', console.log);
