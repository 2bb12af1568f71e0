const reads = []; for (const name of ['setTimeout', 'queueMicrotask', 'Promise', 'Symbol', 'Object', 'performance', 'WeakRef', 'Error', 'Array', 'Map']) { const value = globalThis[name]; Object.defineProperty(globalThis, name, { configurable: true, get() { reads.push(name); return value; } }); }
async function f() { for await (const x of [1]) { await x; } try { await null; } catch { } return 1; }
f().then(() => { process.stdout.write(`${reads.join()}\n`); });
