/** To the next moment at which another task runs. */
import { requestStep } from '../debug/step-request.ts';
import type { CommandFactory } from './context.ts';

export const nextSwitch: CommandFactory = (context) => async () => {
  const words = await requestStep('nextSwitch');
  if (words !== undefined) context.showError(words);
};
