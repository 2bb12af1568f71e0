// same: needs=file
import data from './parts/data.json' with { type: 'json' }; import { createRequire } from 'node:module'; console.log(data, createRequire(import.meta.url)('./parts/data.json'), (await import('./parts/data.json', { with: { type: 'json' } })).default === data);
