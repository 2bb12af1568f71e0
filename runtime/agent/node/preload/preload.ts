/**
 * What `--require` loads into each Node process of the program and each of its threads. It looks
 * whether the instrument can run here, and steps aside where it cannot, leaving the reason in the
 * recording. Whatever fails, the program runs.
 *
 * It is built for Node 8, the first that reads NODE_OPTIONS: the build takes newer syntax and
 * `node:` away, and nothing is imported that needs more.
 */
import { hideOwnVariables } from './own-variables.ts';
import { findObstacle } from './obstacles.ts';
import { runAgent } from './agent-code.ts';

declare const __dirname: string;
declare const require: { (id: string): unknown; readonly cache: Record<string, unknown> };

try {
  start();
} catch {
  // The program runs untraced.
}
try {
  hideOwnVariables(process.env);
  forgetOwnModules();
} catch {
  // They stay.
}

/** The program finds in `require.cache` what it required itself. */
function forgetOwnModules(): void {
  for (const path of Object.keys(require.cache)) {
    if (path.indexOf(__dirname) === 0) delete require.cache[path];
  }
}

function start(): void {
  const folder = process.env['SIMUL_RECORDING'] || '';
  const isMain = isMainThread();
  // A worker learns from its process where to record.
  if (folder === '' && isMain) return;
  const obstacle = findObstacle({ isMainThread: isMain, agent: __dirname, folder });
  if (obstacle === null) {
    runAgent(`${__dirname}/agent.cjs`, process.env['SIMUL_CACHE'] || '', require);
  } else if (isMain) {
    const { refuse } = require('./refuse.cjs') as typeof import('./refuse.ts');
    refuse(obstacle, folder);
  }
}

function isMainThread(): boolean {
  try {
    return (require('worker_threads') as { isMainThread: boolean }).isMainThread;
  } catch {
    // Node 8 has no other.
    return true;
  }
}
