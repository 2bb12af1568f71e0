/**
 * What the calls in instrumented code do: they keep the stack of activations, and they record which
 * activation began, gave the thread away, got it back and ended. `contract/probe-set.ts` is the
 * contract with the emitted code. The records mean:
 *
 *   activationBegin       it runs now, on top of what runs on this thread
 *   wait, activationEnd   it gives the thread back to the activation below
 *   run                   it is on top again
 *
 * None may throw: what could (an odd site table) is caught where it happens.
 */
import { FACT, KIND } from '../../../trace/format/kinds.ts';
import type { ProbeSet } from '../contract/probe-set.ts';
import type { SettleEvents } from '../promises/promise-hooks.ts';
import { promiseInfoOf } from '../state/promise-info.ts';
import { abortSignals } from './abort-signals.ts';
import { asyncPredicates } from './async-predicates.ts';
import { type ActivationProbes, activationProbes } from './activation-probes.ts';
import { awaitProbes } from './await-probes.ts';
import { AwaitedValues } from './awaited-values.ts';
import { type CallbackActivations, callbackActivations } from './callback-activations.ts';
import { type GroupProbes, groupProbes } from './group-probes.ts';
import { type EventProbes, eventProbes } from './event-probes.ts';
import { createClosedEmitters } from './closed-emitters.ts';
import { createGrowth } from './growth.ts';
import { generatorProbes } from './generator-probes.ts';
import { createLostResolvers } from './lost-resolvers.ts';
import { iterationProbes } from './iteration-probes.ts';
import { createMixedContexts } from './mixed-contexts.ts';
import { PromiseLists } from './promise-lists.ts';
import type { ProbeContext } from './probe-context.ts';
import { createCallsBack } from './calls-back.ts';
import { createUnsentMessages } from './unsent-messages.ts';
import { createUnreadStreams } from './unread-streams.ts';
import { createSharedUpdates } from './shared-updates.ts';
import { staleWrites } from './stale-writes.ts';
import { createStreamCallbacks } from './stream-callbacks.ts';
import type { ThreadContext } from './thread-context.ts';
import { ValueTypes } from './value-types.ts';
import { waitTargets } from './wait-targets.ts';

const DROPPED = FACT.dropped;
/** A stack costs 10 µs: so many are taken in a thread. */
const MAX_STACKS = 1000;

export interface Probes
  extends
    ProbeSet,
    SettleEvents,
    CallbackActivations,
    Pick<GroupProbes, 'recordGroup'>,
    Pick<
      EventProbes,
      'noteAdded' | 'noteEventIterator' | 'noteHeard' | 'noteLateListener' | 'noteLineReader'
    >,
    Pick<ProbeContext, 'contexts' | 'growth' | 'lists' | 'resolvers' | 'streams' | 'unread'>,
    Pick<ActivationProbes, 'openModules'> {
  /** The user's line that runs now, as a site; 0: none, or it was asked for often enough. */
  readonly callerSite: () => number;
}

export function createProbes(thread: ThreadContext): Probes {
  const { recorder, sites, bridge, asyncResources } = thread;
  const targets = waitTargets(thread);
  const resolvers = createLostResolvers(thread);
  const streams = createStreamCallbacks(thread);
  const callsBack = createCallsBack(thread);
  const unread = createUnreadStreams(thread);
  const closed = createClosedEmitters(thread, resolvers);
  const signals = abortSignals(thread);
  const updates = createSharedUpdates(thread, signals, asyncPredicates(thread), staleWrites(thread));
  const lists = new PromiseLists(thread);
  const context: ProbeContext = {
    ...thread,
    targets,
    growth: createGrowth(thread),
    valueTypes: new ValueTypes(recorder),
    resolvers,
    streams: {
      note: streams.note,
      report() {
        streams.report();
        callsBack.report();
        unread.report();
        closed.report();
        lists.prune();
      },
    },
    unread,
    closed,
    signals,
    contexts: createMixedContexts(thread),
    lists,
  };
  const full = asyncResources !== null;
  const values = thread.seesValues === true ? new AwaitedValues(recorder) : null;
  if (values !== null) bridge.noteValue = (task, value, threw) => values.record(task, value, threw);
  const plainWaits = awaitProbes(context);
  const waits = values?.around(plainWaits) ?? plainWaits;
  const generators = generatorProbes(context, waits);
  const activations = activationProbes(context, waits, generators);
  const events = eventProbes(context);
  const iteration = iterationProbes(context, waits, generators, events.iterated);
  const callbacks = callbackActivations(context, waits);
  const groups = groupProbes(context);

  const unsent = createUnsentMessages(thread, context.growth);

  function noteSent(site: number, root: unknown): void {
    const target = targets.receivers.objectAt(site, root);
    if (target !== null) unsent.noteSent(site, target);
  }

  let stacks = 0;

  return {
    contexts: context.contexts,
    lists,
    callerSite: () => (stacks++ < MAX_STACKS ? thread.errors.siteHere() : 0),

    file(path, table) {
      return sites.add(path, table);
    },
    enter: activations.enter,
    enterGuarded: activations.enterGuarded,
    suspend: waits.suspend,
    resume: waits.resume,
    resumeLater: waits.resumeLater,
    caught: waits.caught,
    finallyIn: activations.finallyIn,
    finallyOut: activations.finallyOut,
    finallyLeave: activations.finallyLeave,
    ret: values?.beforeReturn(activations.ret) ?? activations.ret,
    leave: values?.beforeReturn(activations.leave) ?? activations.leave,
    done: activations.done,
    end: activations.end,
    exit: activations.exit,
    yielding: iteration.yielding,
    enterGenerator: generators.enterGenerator,
    sent: generators.sent,

    made(base, site, promise, root) {
      if (!full) return;
      if (root !== undefined) {
        if (sites.tells(base + site) !== null) return events.noteTold(base, site, promise, root);
        if (!sites.sends(base + site)) targets.receivers.noteUse(base + site, root);
        else if (promise === undefined) return noteSent(base + site, root);
      }
      if (typeof promise !== 'object' || promise === null) return;
      const info = promiseInfoOf(promise);
      if (info === undefined) {
        if (sites.defers(base + site)) resolvers.noteDeferred(base + site, promise);
        const methods = sites.streamMethods(base + site);
        for (let i = 1; i <= methods; i++) streams.note(promise, base + site + i);
        return;
      }
      if (info.site !== 0) return;
      info.site = base + site;
      resolvers.noteMade(info, info.site, promise);
      const { owner } = info;
      const { current } = thread.state;
      // From a callback or a module's top level nobody could wait for it.
      if (owner === null || current === null || current.base === 0 || current.module || current.isSync)
        return;
      if (info.settler !== 0 || info.isTaken || sites.isMeant(info.site)) return;
      const called = sites.callAt(info.site);
      if (called !== 0) recorder.write(KIND.fact, DROPPED, owner.id, 0, 0, called, 0);
    },

    given(first, second) {
      // Near the end of the stack there may be too little of it.
      try {
        resolvers.noteGiven(thread.state.newestPromise, first, second);
      } catch {}
    },

    streamCalled(base, site, stream) {
      const step = sites.shared(base + site);
      if (step !== null) updates.note(step, base, base + site, undefined, stream);
      else if (sites.callsBack(base + site) !== '') callsBack.noteGiven(base + site, stream);
      else streams.note(stream, base + site);
    },

    asked(base, site, value, root) {
      if (!full) return;
      const step = sites.shared(base + site);
      if (step?.how === 'begins')
        return callsBack.noteBegun(base + Number(step.name), base + site, step.key === 'catch');
      if (step !== null) return updates.note(step, base, base + site, value, root);
      if (sites.tells(base + site) !== null) return events.noteTold(base, site, value, root);
      if (value === undefined && sites.sends(base + site)) return noteSent(base + site, root);
      if (sites.releases(base + site)) targets.receivers.noteUse(base + site, root);
      targets.receivers.bindAsked(base + site, value, root);
    },

    at(base, site) {
      const siteId = base + site;
      const fn = sites.backOf(siteId, base);
      if (fn !== 0) return callsBack.noteBack(fn, siteId, sites.callBefore(siteId, base));
      // Asked for its definition alone, which is written when a site is first used.
      sites.waitFlags(siteId);
      bridge.site = siteId;
    },

    // Until somebody can answer (register.ts).
    held() {},

    iterate: iteration.iterate,
    stepped: iteration.stepped,

    enterCallback: callbacks.enterCallback,
    leaveCallback: callbacks.leaveCallback,
    openActivation: callbacks.openActivation,
    closeActivation: callbacks.closeActivation,
    recordGroup: groups.recordGroup,
    recordWake: waits.recordWake,
    endReturning: activations.endReturning,
    endSettled: activations.endSettled,
    openModules: activations.openModules,
    growth: context.growth,
    unread,
    resolvers,
    streams: context.streams,
    followAdoption: resolvers.followAdoption,
    noteEventIterator: events.noteEventIterator,
    noteAdded: events.noteAdded,
    noteHeard: events.noteHeard,
    noteLateListener: events.noteLateListener,
    noteLineReader: events.noteLineReader,
    recordGroupDecision: groups.recordGroupDecision,
  };
}
