// same: flags=--expose-gc
let ref; async function pending() { await new Promise(() => {}); } (() => { ref = new WeakRef(pending()); })();
setTimeout(() => { globalThis.gc(); setTimeout(() => { globalThis.gc(); console.log('collected', ref.deref() === undefined); }, 5); }, 5);
