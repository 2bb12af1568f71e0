// same: needs=main
console.log(Object.getOwnPropertyNames(globalThis).length, Reflect.ownKeys(globalThis).map(String).sort().join());
for (const name in globalThis) console.log(name);
