// A converter that is not installed.
import { spawn } from 'node:child_process';

function convert(file: string): Promise<number | null> {
  return new Promise((resolve) => {
    const child = spawn('no-such-converter', [file]);
    child.on('error', () => resolve(null));
    child.on('close', (code) => resolve(code));
  });
}

convert('a.png').then((code) => console.log(code));
