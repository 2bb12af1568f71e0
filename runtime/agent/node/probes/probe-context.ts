/** What the probes share. */
import type { AbortSignals } from './abort-signals.ts';
import type { Growth } from './growth.ts';
import type { LostResolvers } from './lost-resolvers.ts';
import type { MixedContexts } from './mixed-contexts.ts';
import type { PromiseLists } from './promise-lists.ts';
import type { StreamCallbacks } from './stream-callbacks.ts';
import type { ThreadContext } from './thread-context.ts';
import type { ClosedEmitters } from './closed-emitters.ts';
import type { UnreadStreams } from './unread-streams.ts';
import type { ValueTypes } from './value-types.ts';
import type { WaitTargets } from './wait-targets.ts';

export interface ProbeContext extends ThreadContext {
  /** What promises stand for that belong to no activation. */
  readonly targets: WaitTargets;
  readonly growth: Growth;
  readonly valueTypes: ValueTypes;
  readonly resolvers: LostResolvers;
  readonly streams: StreamCallbacks;
  readonly unread: UnreadStreams;
  readonly closed: ClosedEmitters;
  readonly signals: AbortSignals;
  readonly contexts: MixedContexts;
  readonly lists: PromiseLists;
}
