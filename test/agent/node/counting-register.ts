/** `node --import` this: the loader with the counting probes, and nothing else of the agent. */
import { needsCompiling } from '../../../runtime/launch/runnable-files.ts';
import { installLoader } from '../../../runtime/agent/node/loader/install.ts';
import './counting-probes.ts';

const cacheDir = process.env['CODE_CACHE'];
installLoader({
  compiles: process.env['COMPILES'] !== '0' && needsCompiling(process.argv[1] ?? ''),
  probesUrl: new URL('./probes-module.js', import.meta.url).href,
  include: (process.env['INCLUDE'] ?? '').split(',').filter(Boolean),
  ...(cacheDir === undefined ? {} : { cacheDir }),
});
