// Asks a shell for checksums; the answer is read when the shell has ended.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

async function checksums(): Promise<string[]> {
  const shell = spawn('/bin/sh', ['-c', 'i=0; while [ $i -lt 9000 ]; do echo "$i 0123456789abcdef"; i=$((i+1)); done']);
  await once(shell, 'exit');
  return (await text(shell.stdout)).trim().split('\n');
}
console.log((await checksums()).length);
