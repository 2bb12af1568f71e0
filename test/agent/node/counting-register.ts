/** `node --import` this: the loader with the counting probes, and nothing else of the agent. */
import { fileURLToPath } from 'node:url';
import { installLoader } from '../../../runtime/agent/node/loader/install.ts';
import { installUncaughtExcerpt } from '../../../runtime/agent/node/stack/uncaught-excerpt.ts';
import { installUserPositions } from '../../../runtime/agent/node/stack/user-positions.ts';
import './counting-probes.ts';

const cacheDir = process.env['CODE_CACHE'];
const loader = installLoader({
  probesUrl: new URL('./counting-probes.js', import.meta.url).href,
  ...(cacheDir === undefined ? {} : { cacheDir }),
});
const agentFolder = fileURLToPath(new URL('../../../runtime/agent/node/', import.meta.url));
installUserPositions(loader.positionsOf, agentFolder);
installUncaughtExcerpt(loader.positionsOf, loader.files);
