import { BASE } from './program.mjs';
export const routes = [`${BASE}/users`];
