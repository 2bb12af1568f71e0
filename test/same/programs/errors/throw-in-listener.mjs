// same: ends=1
import { EventEmitter } from 'node:events';
const emitter = new EventEmitter();
emitter.on('go', async () => { await null; throw new Error('in a listener'); });
emitter.emit('go');
