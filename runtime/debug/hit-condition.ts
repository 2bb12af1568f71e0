/** How often a breakpoint has to be passed: "3", "== 3", ">= 3", "% 2". */
import { RequestError } from './request-error.ts';

/** Whether it stops at the n-th hit, from 1. */
export type HitCondition = (hits: number) => boolean;

export function parseHitCondition(text: string): HitCondition {
  const parts = /^\s*(==|=|>=|>|<=|<|%)?\s*(\d{1,9})\s*$/.exec(text);
  const wanted = Number(parts?.[2] ?? 0);
  if (parts === null || (wanted === 0 && parts[1] === '%'))
    throw new RequestError(`a hit count is a number, or one behind ==, >=, >, <=, < or %; it is "${text}"`);
  switch (parts[1]) {
    case '>=':
      return (hits) => hits >= wanted;
    case '<=':
      return (hits) => hits <= wanted;
    case '<':
      return (hits) => hits < wanted;
    case '>':
      return (hits) => hits > wanted;
    case '%':
      return (hits) => hits % wanted === 0;
    default:
      return (hits) => hits === wanted;
  }
}
