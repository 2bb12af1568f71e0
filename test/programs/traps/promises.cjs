// Identity: returned, awaited and thrown objects stay the same; subclasses, thenables, frozen ones.
class Mine extends Promise {}
const error = new Error('same'); const value = {};
const thenable = { then(resolve) { resolve(value); } };
(async () => {
  const p = Object.freeze(Mine.resolve(value));
  const f = async () => p;
  console.log((await p) === value, (await f()) === value, f() instanceof Mine, f() instanceof Promise, (await thenable) === value);
  console.log(await (async () => { throw error; })().catch((e) => e === error));
  let deep = Promise.resolve(0); for (let i = 0; i < 10000; i++) deep = (async (p) => (await p) + 1)(deep);
  console.log(await deep, await Promise.race([new Promise(() => {}), f()]) === value);
  process.on('unhandledRejection', (reason, promise) => console.log('unhandled', reason === error, promise instanceof Promise));
  (async () => { throw error; })();
})();
