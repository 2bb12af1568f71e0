// same: needs=main,file
import { fork } from 'node:child_process'; const child = fork(new URL('./parts/exits.mjs', import.meta.url)); child.on('message', (m) => console.log('message', m)); child.on('disconnect', () => console.log('disconnect')); child.on('exit', (code) => console.log('exit', code));
