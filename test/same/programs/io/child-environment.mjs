// same: needs=main
import { spawn } from 'node:child_process'; import { once } from 'node:events';
for (const env of [{}, { ONLY: '1' }, { NODE_OPTIONS: '--no-warnings' }, { ...process.env, NODE_OPTIONS: '' }]) { const child = spawn(process.execPath, ['-p', 'Object.keys(process.env).filter((k) => !/^(npm_|_$)/.test(k)).sort().join()'], { env, stdio: ['ignore', 'inherit', 'inherit'] }); const [code] = await once(child, 'exit'); console.log(code); }
