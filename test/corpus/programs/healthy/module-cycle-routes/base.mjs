export const BASE = 'http://127.0.0.1';
