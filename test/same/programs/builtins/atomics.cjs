const shared = new Int32Array(new SharedArrayBuffer(8)); const { value, async: isAsync } = Atomics.waitAsync(shared, 0, 0, 1000); console.log(isAsync);
(async () => { setTimeout(() => console.log('woken', Atomics.notify(shared, 0)), 1); console.log(await value); console.log(Atomics.wait(shared, 0, 0, 1)); })();
