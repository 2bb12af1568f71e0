import { pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify(pbkdf2);
await Promise.all(Array.from({ length: 4 }, () => derive('secret', 'salt', 120_000, 32, 'sha512')));
console.log('derived');
