/** The version in this package's package.json, found from the bundle or from the compiled tree. */
import { readFileSync } from 'node:fs';

export function readVersion(): string {
  for (const path of ['../package.json', '../../../package.json']) {
    try {
      const parsed: unknown = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
      const { name, version } = parsed as { readonly name?: unknown; readonly version?: unknown };
      if (typeof version === 'string' && name === 'simul') return version;
    } catch {
      // Not there: try the next path.
    }
  }
  return 'unknown';
}
