// A module that awaits at its top level, with a live binding that is used before it is set.
import { setTimeout as sleep } from 'node:timers/promises';
export let state = 'before';
export default async () => state;
await sleep(1);
state = 'after';
try { await Promise.reject(new Error('top')); } catch (e) { console.log(e.message); } finally { console.log('finally'); }
console.log(state);
export { sleep } // end without a line break
