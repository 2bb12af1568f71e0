/** How a timer is called in the recording. */
const { floor } = Math;
const round = (value: number): number => floor(value + 0.5);

/**
 * "setTimeout 250 ms". A delay with a fraction, as one with jitter, is rounded: to a ms, below ten
 * to a tenth. One that is no number is left out, since reading it could run code of the user's.
 */
export function timerLabel(name: string, delay: unknown): string {
  if (typeof delay !== 'number') return name;
  const isWhole = floor(delay) === delay || delay !== delay;
  const shown = isWhole ? delay : delay >= 10 ? round(delay) : round(delay * 10) / 10;
  return `${name} ${shown} ms`;
}
