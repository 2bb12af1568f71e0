// A child says that it is ready, as some managers of processes want it; here nobody listens.
import { fork } from 'node:child_process';
import { once } from 'node:events';

const child = fork(new URL('./child.mjs', import.meta.url));
const [code] = await once(child, 'exit');
console.log('code', code);
