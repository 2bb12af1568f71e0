export const registry = [];
export const register = (name) => registry.push(name);
