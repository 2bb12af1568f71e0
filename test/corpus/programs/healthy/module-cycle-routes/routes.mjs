import { BASE } from './base.mjs';
export const routes = [`${BASE}/users`];
