/** The version in the package's own package.json, found from the bundle or from the compiled tree. */
import { readFileSync } from 'node:fs';

export function version(): string {
  for (const place of ['../package.json', '../../../package.json']) {
    try {
      const parsed: unknown = JSON.parse(readFileSync(new URL(place, import.meta.url), 'utf8'));
      const { name, version: it } = parsed as { readonly name?: unknown; readonly version?: unknown };
      if (typeof it === 'string' && name === 'simul') return it;
    } catch {
      // Not there: the next place.
    }
  }
  return 'unknown';
}
