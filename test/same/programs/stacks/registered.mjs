// same: needs=file
import { register } from 'node:module'; register('data:text/javascript,export const resolve = (s, c, next) => next(s, c);', import.meta.url);
const { fail } = await import('./parts/fails.mjs'); try { await fail(1); } catch (error) { console.log(error.stack.split('\n').slice(0, 3).join('\n').replace(/file:.*stacks/g, 'stacks')); }
