/** Back to where the function was called, or the task begun. */
import { requestStep } from '../debug/step-request.ts';
import type { CommandFactory } from './context.ts';

export const reverseStepOut: CommandFactory = (context) => async () => {
  const words = await requestStep('reverseStepOut');
  if (words !== undefined) context.showError(words);
};
