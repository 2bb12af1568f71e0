let Promise = null, Object = 1, globalThis = 2, process = 3, Error = 4, Array = 5, undefined_ = 6, Math = 7, JSON = 8, eval_ = 9, require = 10, module = 11, global = 12, Buffer = 13, queueMicrotask = 14;
const f = async () => { for await (const x of [1]) { await x; } return [Promise, Object, globalThis, process, Error, Array, Math, JSON, require, module, global, Buffer, queueMicrotask]; };
console.log(await f());
