/** The thread that the probes serve, and the recorder that they write through. */
import type { LibraryBridge } from '../../../recorder/library-bridge.ts';
import type { Recorder } from '../../../recorder/recorder.ts';
import type { UncaughtErrors } from '../errors/uncaught-errors.ts';
import type { AsyncResources } from '../promises/async-resources.ts';
import type { Sites } from '../state/sites.ts';
import type { ThreadState } from '../state/thread-state.ts';

export interface ThreadContext {
  readonly recorder: Recorder;
  readonly state: ThreadState;
  readonly sites: Sites;
  /** Where the library's tasks stand among the activations. */
  readonly bridge: LibraryBridge;
  /** Present in full depth: promises have infos. Null in light depth. */
  readonly asyncResources: AsyncResources | null;
  readonly errors: UncaughtErrors;
  /** The shapes of awaited values are recorded. */
  readonly seesValues?: boolean;
}
