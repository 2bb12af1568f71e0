/**
 * The room's door: connections that requests of the program's clients share, and who has them. What
 * it does not get to know is missing in the recording; the program goes on.
 */
import { createRequire } from 'node:module';
import type * as Http from 'node:http';
import type * as Https from 'node:https';
import type { Recorder } from '../../../recorder/recorder.ts';
import { undoAll } from '../builtins/replace-builtin.ts';
import type { UncaughtErrors } from '../errors/uncaught-errors.ts';
import type { Origins } from '../handles/origins.ts';
import type { ThreadState } from '../state/thread-state.ts';
import { AgentQueues } from './agent-queues.ts';
import { ConnectionRecords } from './connection-records.ts';
import { OvertakenSaves } from './overtaken-saves.ts';
import { UndiciRequests } from './undici-requests.ts';

export interface Connections {
  /** Nothing happens, or the process ends. */
  readonly report: () => void;
  readonly restore: () => void;
}

export interface ConnectionsOptions {
  readonly recorder: Recorder;
  readonly state: ThreadState;
  readonly errors: UncaughtErrors;
  readonly origins: Origins;
  /** NODE_DEBUG: what Node and undici are to print. */
  readonly nodeDebug: string;
  /** Calls back when the program is about to load one of Node's modules, or has loaded it. */
  readonly whenNamed: (names: readonly string[], onNamed: () => void, isLookedAtElsewhere: boolean) => void;
}

/**
 * How a text names the modules, for `http` alone stands in each URL; and what Node lists when they
 * were loaded by a text that was not seen.
 */
const NAMES = ["http'", 'http"', "https'", 'https"', '_http_agent'];

export function watchConnections(options: ConnectionsOptions): Connections {
  const { recorder, state, errors, origins, nodeDebug, whenNamed } = options;
  if (nodeDebug !== '') return { report() {}, restore() {} };
  const require = createRequire(import.meta.url);
  const records = new ConnectionRecords(recorder, state, errors);
  const agents = new AgentQueues(records, origins);
  const saves = new OvertakenSaves(recorder);
  const undici = new UndiciRequests(records, saves);
  const undo: (() => void)[] = [undici.watch(), saves.watchHttp(() => records.askerHere())];
  const watchHttp = (): void => {
    undo[undo.length] = agents.watch(
      require('node:http') as typeof Http,
      () => require('node:https') as typeof Https,
    );
  };
  whenNamed(NAMES, () => attempt(watchHttp), true);
  return {
    report() {
      attempt(() => agents.reportUnread());
      attempt(() => undici.reportUnread());
    },
    restore: () => undoAll(undo),
  };
}

function attempt(work: () => void): void {
  try {
    work();
  } catch {
    // The program goes on, and this is not told.
  }
}
