for (const name of ['Object', 'Function', 'Array', 'Promise', 'Error', 'Symbol', 'Map', 'Set', 'WeakMap', 'Reflect', 'JSON', 'Math']) { Object.freeze(globalThis[name]); if (globalThis[name].prototype) Object.freeze(globalThis[name].prototype); }
Object.freeze(process); 
(async () => { for await (const x of [1, 2]) console.log(x); await new Promise((done) => setTimeout(done, 1)); try { await Promise.reject(new TypeError('t')); } catch (error) { console.log(error.message, error.stack.split('\n')[1]); } })();
