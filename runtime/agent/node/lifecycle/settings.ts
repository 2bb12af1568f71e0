import { limitBytesOf } from '../../../recorder/size-limit.ts';

/**
 * What the launcher asks of the instrument, through the environment. Each variable is read and
 * checked here and nowhere else.
 */
import { isPrivateFolder } from '../../../recorder/private-folder.ts';

export interface Settings {
  /** Folder of the recording; '': nothing is traced. */
  readonly folder: string;
  readonly depth: 'full' | 'light';
  /** Generators that are not async are seen, too. */
  readonly generators: boolean;
  /** The shapes of awaited values are recorded: type and size, and nothing of the content. */
  readonly values: boolean;
  /** V8's profiler looks where the CPU time goes. */
  readonly profilesCpu: boolean;
  /** Private folder for instrumented texts; '': every run instruments anew. */
  readonly cacheDir: string;
  /**
   * TypeScript and JSX that nobody else compiles is compiled: the person asked for such a program.
   */
  readonly compiles: boolean;
  /** A debugger is there: it may ask to stop at events, and tells when the program goes on. */
  readonly isDebugged: boolean;
  /** Names of the events to stop at from the start on. */
  readonly stopEvents: readonly string[];
  readonly limitBytes: number;
  readonly whenFull: 'drop' | 'wait';
}

export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  return {
    folder: env['SIMUL_RECORDING'] ?? '',
    depth: env['SIMUL_DEPTH'] === 'light' ? 'light' : 'full',
    generators: env['SIMUL_GENERATORS'] === '1',
    values: env['SIMUL_VALUES'] === '1',
    profilesCpu: env['SIMUL_CPU'] === '1',
    // The environment may be another user's, and what lies in the folder is run.
    cacheDir: isPrivateFolder(env['SIMUL_CACHE'] ?? '') ? env['SIMUL_CACHE']! : '',
    compiles: env['SIMUL_COMPILE'] === '1',
    isDebugged: env['SIMUL_DEBUG'] === '1',
    stopEvents: (env['SIMUL_STOP_AT'] ?? '').split(','),
    limitBytes: limitBytesOf(env['SIMUL_LIMIT']),
    whenFull: env['SIMUL_RING'] === 'wait' ? 'wait' : 'drop',
  };
}
