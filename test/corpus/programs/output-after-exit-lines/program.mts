// The lines that a command writes, also through what it has begun itself.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

async function linesOf(command: string): Promise<string[]> {
  const child = spawn('sh', ['-c', command]);
  const lines: string[] = [];
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (text: string) => lines.push(...text.trim().split('\n')));
  await once(child, 'exit');
  return [...lines];
}

console.log((await linesOf('echo one; (sleep 0.2; echo two) &')).join());
