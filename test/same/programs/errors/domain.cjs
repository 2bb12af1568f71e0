const domain = require('node:domain').create();
domain.on('error', (error) => console.log('domain', error.message, process.domain === domain));
domain.run(() => { setTimeout(() => { throw new Error('inside'); }, 1); (async () => { await null; console.log(process.domain === domain); })(); });
