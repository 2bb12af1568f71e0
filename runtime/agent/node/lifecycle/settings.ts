/** What the launcher tells the instrument, through the environment; each value is looked at here and nowhere else. */
export interface Settings {
  /** Folder of the recording; '' when there is none: then nothing is traced. */
  readonly folder: string;
  readonly depth: 'full' | 'light';
  /** Private folder for instrumented texts; '' when every run is to instrument anew. */
  readonly cacheDir: string;
  readonly limitBytes: number;
  readonly whenFull: 'drop' | 'wait';
}

const MIN_LIMIT = 64 << 10;
const DEFAULT_LIMIT = 2 * 1024 ** 3;

export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const limit = Number(env['SIMUL_LIMIT'] ?? '');
  return {
    folder: env['SIMUL_RECORDING'] ?? '',
    depth: env['SIMUL_DEPTH'] === 'light' ? 'light' : 'full',
    cacheDir: env['SIMUL_CACHE'] ?? '',
    limitBytes: Number.isFinite(limit) && limit > 0 ? Math.max(MIN_LIMIT, limit) : DEFAULT_LIMIT,
    whenFull: env['SIMUL_RING'] === 'wait' ? 'wait' : 'drop',
  };
}
