// A child computes a table and sends it.
import { fork } from 'node:child_process';
import { once } from 'node:events';

const child = fork(new URL('./table.mjs', import.meta.url));
let rows = 0;
child.on('message', (part) => (rows += part.length));
const [code] = await once(child, 'exit');
console.log('rows', rows, 'code', code);
