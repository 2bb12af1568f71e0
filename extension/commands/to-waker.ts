/** To who ended the wait of the task, when it did so. */
import { requestStep } from '../debug/step-request.ts';
import type { CommandFactory } from './context.ts';

export const toWaker: CommandFactory = (context) => async () => {
  const words = await requestStep('toWaker');
  if (words !== undefined) context.showError(words);
};
