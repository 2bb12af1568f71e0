/** The probes of generators (`yield`) and of the consumers of async ones (`for await`). */
import { KIND, REASON } from '../../../trace/format/kinds.ts';
import type { ProbeSet } from '../contract/probe-set.ts';
import { noteForAwait } from '../stack/show-source.ts';
import type { Activation } from '../state/activation.ts';
import { suspendActivation } from '../state/transitions.ts';
import type { AwaitProbes } from './await-probes.ts';
import { observedIterable } from './observed-iterable.ts';
import type { GeneratorProbes } from './generator-probes.ts';
import type { ProbeContext } from './probe-context.ts';

const CONSUMER = REASON.consumer;

export type IterationProbes = Pick<ProbeSet, 'yielding' | 'iterate' | 'stepped'>;

export function iterationProbes(
  { recorder, state, sites }: ProbeContext,
  { suspend, runAgain }: AwaitProbes,
  { rest }: GeneratorProbes,
  iterated: (site: number, iterable: unknown) => ((result: unknown) => void) | null,
): IterationProbes {
  return {
    yielding(opaque, site, value) {
      const activation = opaque as Activation;
      if (!activation.running) return;
      if (activation.isSync) return rest(activation, site, value);
      const { id, consumer } = activation;
      const siteId = activation.base + site;
      activation.yielded = true;
      recorder.write(KIND.wait, CONSUMER | sites.waitFlags(siteId), id, siteId, consumer, 0, 0);
      suspendActivation(state, activation, null, false);
    },

    iterate(opaque, site, iterable) {
      const onStep = iterated((opaque as Activation).base + site, iterable);
      return observedIterable(
        iterable,
        (result) => {
          onStep?.(result);
          suspend(opaque, site, result);
        },
        (method) => noteForAwait(sites.text((opaque as Activation).base + site), method),
      );
    },

    stepped(opaque) {
      const activation = opaque as Activation;
      if (!activation.running) runAgain(activation);
    },
  };
}
