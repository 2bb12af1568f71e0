import { setTimeout as sleep } from 'node:timers/promises';
async function waits() { await sleep(1); throw new Error('after sleep'); }
await waits().catch((error) => console.log(error.stack));
const controller = new AbortController(); controller.abort();
await sleep(1000, 0, { signal: controller.signal }).catch((error) => console.log(error.name, error.code, error.stack.split('\n')[1].includes('timers/promises')));
