import type { Program } from './program.ts';
export function bundles(): Promise<Program[]> {
  return Promise.resolve([]);
}
