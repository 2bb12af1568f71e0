import { fallback } from './program.mjs';
export const hello = fallback === 'en' ? 'salut' : '';
