const promise = Promise.resolve('inner');
promise.then = function (resolve) { resolve('own then'); };
console.log(await promise, await Promise.all([promise]), await (async () => promise)());
