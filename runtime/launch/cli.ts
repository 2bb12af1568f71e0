/**
 * The entry of the command line. Where Node can (22.8 and newer), the code that V8 made of the rest
 * is kept between runs in the private cache folder.
 */
import module from 'node:module';
import { join } from 'node:path';
import { cacheFolder } from './cache-folder.ts';

const { enableCompileCache } = module as { enableCompileCache?: (folder: string) => unknown };
const folder = enableCompileCache === undefined ? null : cacheFolder();
if (folder !== null) enableCompileCache!(join(folder, 'command-line'));
// Not a literal: the bundle of this file does not hold the other.
await import(new URL('./command-line.js', import.meta.url).href);
