/**
 * The probes of generators that are not async, where the person asked to see them. Such a generator
 * runs on top of whoever calls its `next`, `throw` or `return`, and leaves the stack at each
 * `yield`:
 *
 *   activationBegin   the first `next`: the body begins
 *   wait              `yield E`, with the type of E; it rests until it is asked again
 *   run               `next(value)`, by the task that called it and with the type of the value;
 *                     or `throw`, with the type of the error where a `catch` of its own takes it
 *   cancel            `return()`: a loop over it was left, or somebody closed it
 *   activationEnd     ok, error, or cancelled: it was closed
 *
 * While a generator delegates (`yield*`), it rests, and the one below it is asked by the consumer.
 */
import { ACTIVATION_KIND, KIND, OUTCOME, REASON } from '../../../trace/format/kinds.ts';
import type { ProbeSet } from '../contract/probe-set.ts';
import { builtInCaller } from '../stack/user-positions.ts';
import { Activation, COMPLETION } from '../state/activation.ts';
import { enterActivation, leaveActivation, suspendActivation } from '../state/transitions.ts';
import type { AwaitProbes } from './await-probes.ts';
import { demandStack } from './demand-stack.ts';
import type { ProbeContext } from './probe-context.ts';

const GENERATOR = ACTIVATION_KIND.generator;
const CONSUMER = REASON.consumer;
const { ok: OK, error: ERROR, cancelled: CANCELLED } = OUTCOME;
/** The agent's own frames, the generator's, and some to spare. */
const MAX_FRAMES = 12;

export interface GeneratorProbes extends Pick<ProbeSet, 'enterGenerator' | 'sent'> {
  /** It gave a value at this site; itself: it delegates. */
  rest(activation: Activation, site: number, value: unknown): void;
  /**
   * It runs again to leave, or to clean up: its consumer called `return` or `throw`. Only the stack
   * tells which; where built-ins are frozen it does not, and no error is claimed.
   */
  runToClose(activation: Activation): void;
  /** Its body is over, as its completion says. */
  endGenerator(activation: Activation): void;
}

export function generatorProbes(
  { recorder, state, sites, valueTypes }: ProbeContext,
  { runAgain, endAbove }: AwaitProbes,
): GeneratorProbes {
  let begun = 0;

  function callThatEnds(): string {
    try {
      return builtInCaller(MAX_FRAMES);
    } catch {
      // No stack is left to look at it: then it is an error that comes through here.
      return 'throw';
    }
  }

  return {
    enterGenerator(base, site) {
      const siteId = base + site;
      const { current } = state;
      const activation = new Activation(recorder.nextId(), base, 0);
      activation.generator = true;
      activation.isSync = true;
      let parent = state.creator;
      if (current !== null) {
        parent = activation.consumer = current.id;
        activation.depth = current.depth + 1;
      }
      // How deep the stack is nothing tells: one that delegates stands on it, and rests.
      demandStack(begun++);
      sites.waitFlags(siteId);
      recorder.write(KIND.activationBegin, GENERATOR, activation.id, parent, siteId, sites.name(siteId), 0);
      enterActivation(state, activation);
      // If the stack overflows, no probe may tell of its end.
      activation.endsWithPromise = true;
      return activation;
    },

    rest(activation, site, value) {
      if (state.current !== activation) endAbove(activation);
      const siteId = activation.base + site;
      // What a `yield*` passes on is told by the generator below.
      const type = value === activation ? 0 : valueTypes.textOf(value);
      activation.yielded = true;
      const flags = CONSUMER | sites.waitFlags(siteId);
      recorder.write(KIND.wait, flags, activation.id, siteId, activation.consumer, type, 0);
      suspendActivation(state, activation, null, false);
    },

    sent(opaque, value) {
      const activation = opaque as Activation;
      if (!activation.running) runAgain(activation, valueTypes.textOf(value));
      else if (state.current !== activation) endAbove(activation);
    },

    runToClose(activation) {
      const call = callThatEnds();
      if (call === 'return') {
        const by = state.current === null ? 0 : state.current.id;
        recorder.write(KIND.cancel, 0, activation.id, by, 0, recorder.defineText('closed'), 0);
        activation.completion = COMPLETION.closed;
      } else if (call === '') activation.completion = COMPLETION.done;
      runAgain(activation);
    },

    endGenerator(activation) {
      const { completion, id } = activation;
      const isReturned = completion === COMPLETION.ret;
      const outcome = activation.failed ? ERROR : completion === COMPLETION.closed ? CANCELLED : OK;
      if (isReturned) sites.waitFlags(activation.returnSite);
      recorder.write(KIND.activationEnd, outcome, id, 0, isReturned ? activation.returnSite : 0, 0, 0);
      leaveActivation(state, activation);
      activation.endsWithPromise = false;
    },
  };
}
