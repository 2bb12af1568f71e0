/** To the last moment at which another task ran. */
import { requestStep } from '../debug/step-request.ts';
import type { CommandFactory } from './context.ts';

export const previousSwitch: CommandFactory = (context) => async () => {
  const words = await requestStep('previousSwitch');
  if (words !== undefined) context.showError(words);
};
