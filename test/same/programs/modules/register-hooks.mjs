// same: needs=file node=24
import { registerHooks } from 'node:module'; const seen = [];
const hooks = registerHooks({ load(url, context, next) { const loaded = next(url, context); if (!url.endsWith('changed.mjs')) return loaded; const text = String(loaded.source); seen.push(text.length, text.includes('$p')); return { ...loaded, source: text.replace('ORIGINAL', 'CHANGED BY HOOKS') }; } });
const all = await import('./parts/changed.mjs'); console.log(all.changed, seen, await all.run().catch((error) => error.stack.split('\n').slice(0, 2).join('\n').replace(/file:.*parts/, 'parts'))); hooks.deregister();
