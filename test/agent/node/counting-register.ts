/** `node --import` this: the loader with the counting probes, and nothing else of the agent. */
import { needsCompiling } from '../../../runtime/launch/runnable-files.ts';
import { installLoader } from '../../../runtime/agent/node/loader/install.ts';
import './counting-probes.ts';

const cacheDir = process.env['CODE_CACHE'];
const { showUserLines } = installLoader({
  compiles: needsCompiling(process.argv[1] ?? ''),
  agentUrl: new URL('.', import.meta.url).href,
  depth: process.env['DEPTH'] === 'light' ? 'light' : 'full',
  include: (process.env['INCLUDE'] ?? '').split(',').filter(Boolean),
  ...(cacheDir === undefined ? {} : { cacheDir }),
});
process.on('uncaughtExceptionMonitor', showUserLines);
