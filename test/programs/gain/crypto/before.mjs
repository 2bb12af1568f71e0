// gain: together 6
import { pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify(pbkdf2);
for (let i = 0; i < 4; i++) await derive('secret', 'salt', 120_000, 32, 'sha512');
console.log('derived');
