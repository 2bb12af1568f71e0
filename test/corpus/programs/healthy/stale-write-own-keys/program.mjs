// Late answers that are kept by their keys, alike, gathered, or the last that ended.
import { setTimeout as sleep } from 'node:timers/promises';
const results = new Map(); const status = { last: null, lastDone: '' }; const cache = new Map(); const view = { render(x) { this.x = x; }, log: [], add(x) { this.log.push(x); } };
async function load(key, ms) { await sleep(ms); return { key }; }
async function cached(key, ms) { const v = await load(key, ms); cache.set(key, v); return v; }
async function job(id, ms) { await sleep(ms); results.set(id, ms); status.lastDone = id; view.add(await load(id, 1)); }
let seq = 0; async function search(q, ms) { const mine = ++seq; const hits = await load(q, ms); if (mine !== seq) return; view.render(hits); }
const all = [job('a', 150), cached('k', 150), search('x', 150)]; await sleep(20); all.push(job('b', 20), cached('k', 20), search('xy', 20)); await Promise.all(all); await sleep(150); console.log(results.size, cache.size, view.x);
