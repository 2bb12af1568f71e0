import { plainProperty } from '../builtins/inspect-safely.ts';

/** By plain properties alone. */
export function objectAt(root: unknown, keys: readonly string[]): unknown {
  let at = root;
  for (let i = 0; i < keys.length; i++) {
    if (typeof at !== 'object' || at === null) return null;
    at = plainProperty(at, keys[i]!);
  }
  return at;
}
