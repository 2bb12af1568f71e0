/**
 * The plugin that the editor's TypeScript server loads. Packaging puts it into the extension's
 * `node_modules/simul-typescript-plugin`, the only place where the server looks.
 */
import { join } from 'node:path';
import { type PluginInfo, addLibraryTypes } from './resolve-library-types.ts';

const TYPES = join(__dirname, '../../dist/types');

/** The server calls it once. It must be the module itself, see esbuild.mjs. */
export function plugin(): { create(info: PluginInfo): unknown } {
  return { create: (info) => addLibraryTypes(info, TYPES) };
}
