// same: needs=alone
const hooks = require('node:async_hooks'); const fs = require('node:fs'); const log = []; const own = new Map(); const collected = new Set();
const hook = hooks.createHook({ init(id, type, trigger) { if (type === 'PROMISE') collected.add(id); own.set(id, own.size); log.push(`init ${type}`); }, before(id) { if (own.has(id)) log.push(`before ${own.get(id)}`); }, after(id) { if (own.has(id)) log.push(`after ${own.get(id)}`); }, destroy(id) { if (own.has(id) && !collected.has(id)) log.push(`destroy ${own.get(id)}`); }, promiseResolve(id) { if (own.has(id)) log.push(`resolve ${own.get(id)}`); } });
hook.enable(); (async () => { await null; await new Promise((done) => setTimeout(done, 1)); hook.disable(); fs.writeSync(1, log.join('\n') + '\n'); })();
