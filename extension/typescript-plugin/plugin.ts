/** What the editor's TypeScript server loads from the extension's `node_modules/simul-typescript-plugin`, where packaging puts it. */
import { join } from 'node:path';
import { type PluginInfo, resolveAlso } from './resolve-also.ts';

const TYPES = join(__dirname, '../../dist/types');

/** What the server calls, once for all; it must be the module itself, see esbuild.mjs. */
export function plugin(): { create(info: PluginInfo): unknown } {
  return { create: (info) => resolveAlso(info, TYPES) };
}
