class Promise { then(done) { done('own promise'); } } class Object { static keys() { return 'own keys'; } } function Error(text) { return { text }; } const Array = 1, Map = 2, Function = 3, WeakMap = 4, Reflect = 5, Proxy = 6, process_ = 7;
async function f() { const x = await new Promise(); return [x, Object.keys(), Error('e'), Array, Map, Function, WeakMap, Reflect, Proxy]; }
f().then(console.log);
