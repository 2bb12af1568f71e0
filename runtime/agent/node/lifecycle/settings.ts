/**
 * What the launcher asks of the instrument, through the environment. Each variable is read and
 * checked here and nowhere else.
 */
import { isPrivateFolder } from '../../../recorder/private-folder.ts';

export interface Settings {
  /** Folder of the recording; '': nothing is traced. */
  readonly folder: string;
  readonly depth: 'full' | 'light';
  /** Private folder for instrumented texts; '': every run instruments anew. */
  readonly cacheDir: string;
  /**
   * TypeScript and JSX that nobody else compiles is compiled: the person asked for such a program.
   */
  readonly compiles: boolean;
  readonly limitBytes: number;
  readonly whenFull: 'drop' | 'wait';
}

const MIN_LIMIT_BYTES = 64 << 10;
const DEFAULT_LIMIT_BYTES = 2 * 1024 ** 3;

export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const limit = Number(env['SIMUL_LIMIT'] ?? '');
  return {
    folder: env['SIMUL_RECORDING'] ?? '',
    depth: env['SIMUL_DEPTH'] === 'light' ? 'light' : 'full',
    // The environment may be another user's, and what lies in the folder is run.
    cacheDir: isPrivateFolder(env['SIMUL_CACHE'] ?? '') ? env['SIMUL_CACHE']! : '',
    compiles: env['SIMUL_COMPILE'] === '1',
    limitBytes: Number.isFinite(limit) && limit > 0 ? Math.max(MIN_LIMIT_BYTES, limit) : DEFAULT_LIMIT_BYTES,
    whenFull: env['SIMUL_RING'] === 'wait' ? 'wait' : 'drop',
  };
}
