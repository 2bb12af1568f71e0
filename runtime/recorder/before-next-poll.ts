import { builtIns } from './built-ins.ts';

/**
 * Runs `work` once what runs now is over, before the loop waits again for the world. Nothing of it
 * is seen by a program that asks what keeps it alive (`process.getActiveResourcesInfo`), and it
 * keeps nothing alive: where the loop ends, or is asleep already, it does not run until there is
 * more to do.
 */
export function beforeNextPoll(work: () => void): void {
  builtIns.setImmediate(work).unref();
}
