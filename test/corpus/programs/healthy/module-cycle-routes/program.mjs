// The server loads its routes.
const { routes } = await import('./routes.mjs');
console.log('serving', routes.length);
