// Plugins register themselves.
export const registry = [];
export const register = (name) => registry.push(name);
for (const name of ['a']) {
  await import('./plugin-a.mjs');
  console.log('loaded', name);
}
