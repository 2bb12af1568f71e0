// same: flags=--expose-gc
const log = []; const registry = new FinalizationRegistry((held) => log.push(`collected ${held}`)); let ref;
async function make() { const object = { big: new Array(1000).fill(1) }; registry.register(object, 'object'); ref = new WeakRef(object); await null; return object.big.length; }
(async () => { console.log(await make()); await new Promise((done) => setTimeout(done, 5)); globalThis.gc(); await new Promise((done) => setTimeout(done, 5)); globalThis.gc(); await new Promise((done) => setTimeout(done, 20)); console.log(ref.deref() === undefined, log); })();
