// gain: together 6
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
for (const seconds of ['0.1', '0.15', '0.2']) await run('sleep', [seconds]);
console.log('run');
