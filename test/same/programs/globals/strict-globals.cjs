const known = new Set(Object.keys(globalThis)); (async () => { await null; console.log(Object.keys(globalThis).filter((key) => !known.has(key)), Object.isExtensible(globalThis)); })();
