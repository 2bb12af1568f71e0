import { setInterval as every } from 'node:timers/promises';
let n = 0; for await (const value of every(1, 'tick')) { console.log(value, ++n); if (n === 3) break; }
let m = 0; const timer = setInterval(async () => { await null; if (++m === 3) { clearInterval(timer); console.log('cleared', m); } }, 1);
