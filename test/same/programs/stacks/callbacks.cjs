async function main() {
  await null;
  [1, 2].forEach((item) => { if (item === 2) throw new Error(`item ${item}`); });
}
main().catch((error) => console.log(error.stack.split('\n').slice(0, 4).join('\n')));
setTimeout(() => { console.log(new Error('timer').stack.split('\n')[1]); }, 1);
process.nextTick(() => { console.log(new Error('tick').stack.split('\n')[1]); });
queueMicrotask(() => { console.log(new Error('micro').stack.split('\n')[1]); });
setImmediate(async () => { await null; console.log(new Error('immediate').stack.split('\n')[1]); });
