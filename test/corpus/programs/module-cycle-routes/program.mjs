// The server loads its routes.
export const BASE = 'http://127.0.0.1';
const { routes } = await import('./routes.mjs');
console.log('serving', routes.length);
