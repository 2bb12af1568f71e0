/**
 * `Promise.all` and its like, as resources of their own: their children, and which child decided.
 */
import { FLAG, GROUP_KIND, KIND, REASON, RESOURCE_KIND } from '../../../trace/format/kinds.ts';
import type { PromiseInfo } from '../state/activation.ts';
import type { SettleEvents } from '../promises/promise-hooks.ts';
import { bindResource, promiseInfoOf, targetIdOf } from '../state/promise-info.ts';
import type { ProbeContext } from './probe-context.ts';

const GROUP = REASON.group;
const RACE = GROUP_KIND.race;
const RESOURCE_GROUP = RESOURCE_KIND.group;

export interface GroupProbes extends Pick<SettleEvents, 'recordGroupDecision'> {
  /**
   * A combinator was called.
   * @param kind one of GROUP_KIND
   * @param result the promise that it returned
   */
  recordGroup(kind: number, name: string, result: object, children: readonly unknown[]): void;
}

export function groupProbes({ recorder, state, growth }: ProbeContext): GroupProbes {
  return {
    recordGroup(kind, name, result, children) {
      const info = promiseInfoOf(result);
      if (info === undefined) return;
      const parent = state.current !== null ? state.current.id : state.creator;
      const resource = recorder.nextId();
      const { length } = children;
      const infos: (PromiseInfo | null)[] = [];
      for (let i = 0; i < length; i++) {
        const child = children[i];
        infos[i] = (typeof child === 'object' && child !== null && promiseInfoOf(child)) || null;
      }
      const text = recorder.defineText(name);
      recorder.write(KIND.resourceBegin, RESOURCE_GROUP, parent, resource, 0, text, length);
      for (let i = 0; i < length; i++) {
        const child = infos[i]!;
        // A child of which nothing is known is recorded as well: the fold expects every index.
        const id = child === null ? 0 : targetIdOf(child);
        recorder.writeAtLastTime(KIND.group, kind, parent, resource, id, i, length);
      }
      if (kind === RACE)
        for (let i = 0; i < length; i++) if (infos[i]?.settler === 0) growth.noteRace(infos[i]!);
      bindResource(info, GROUP, resource);
      info.group = { resource, kind, parent, children: infos };
    },

    recordGroupDecision(info, decider) {
      if (decider === null) return;
      const { resource, kind, parent, children } = info.group!;
      let index = 0;
      while (index < children.length && children[index] !== decider) index++;
      if (index === children.length) return;
      const flags = kind | FLAG.groupDecides;
      recorder.write(KIND.group, flags, parent, resource, targetIdOf(decider), index, children.length);
    },
  };
}
