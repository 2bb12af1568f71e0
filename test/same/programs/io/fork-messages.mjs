// same: needs=main,file
import { fork } from 'node:child_process'; import { once } from 'node:events'; const child = fork(new URL('./parts/child.mjs', import.meta.url), ['x'], { serialization: 'advanced' }); child.send({ n: 2, map: new Map([[1, 2]]) }); console.log(await once(child, 'message')); child.disconnect(); console.log(await once(child, 'exit'));
const silent = fork(new URL('./parts/child.mjs', import.meta.url), { silent: true, execArgv: [] }); silent.kill('SIGTERM'); console.log(await once(silent, 'exit'));
