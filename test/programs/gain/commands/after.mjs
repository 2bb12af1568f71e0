import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
await Promise.all(['0.1', '0.15', '0.2'].map((seconds) => run('sleep', [seconds])));
console.log('run');
