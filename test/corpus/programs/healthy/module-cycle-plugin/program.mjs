import { registry } from './registry.mjs';
await import('./plugin-a.mjs');
console.log(registry.length);
