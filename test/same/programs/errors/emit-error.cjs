// same: ends=1
const { EventEmitter } = require('node:events');
(async () => { await null; new EventEmitter().emit('error', new Error('nobody listens')); })();
