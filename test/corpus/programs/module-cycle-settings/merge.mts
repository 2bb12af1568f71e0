import { defaults } from './program.mts';
export const merged = (own: Record<string, number>) => ({ ...defaults, ...own });
