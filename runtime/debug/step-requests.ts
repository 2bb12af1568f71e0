/** Requests that step: which way, and to where. The last three are none of the protocol's. */
import type { Replay, Stop, Way } from './replay.ts';

export interface StepRequest {
  readonly way: Way;
  /** @param target the row of a target that was chosen; null: none was */
  find(replay: Replay, row: number, target: number | null): Stop | null;
}

export const STEP_REQUESTS: Readonly<Record<string, StepRequest>> = {
  next: { way: 'up', find: (replay, row) => replay.stepOver(row, 'up') },
  stepBack: { way: 'down', find: (replay, row) => replay.stepOver(row, 'down') },
  stepOut: { way: 'up', find: (replay, row) => replay.stepOut(row) },
  stepIn: {
    way: 'up',
    find: (replay, row, target) => (target === null ? replay.stepIn(row) : replay.stepOf(target, 'up')),
  },
  nextSwitch: { way: 'up', find: (replay, row) => replay.switchFrom(row, 'up') },
  previousSwitch: { way: 'down', find: (replay, row) => replay.switchFrom(row, 'down') },
  reverseStepOut: { way: 'down', find: (replay, row) => replay.reverseStepOut(row) },
};
