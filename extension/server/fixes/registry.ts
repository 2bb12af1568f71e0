/** Which findings have fixes: a fix = its file + its test + a row here. */
import { awaitOrVoid } from './await-or-void.ts';
import { awaitLoopTogether } from './await-loop-together.ts';
import { awaitTogether } from './await-together.ts';
import { boundQueue } from './bound-queue.ts';
import type { MakeFixes } from './fix.ts';
import { returnAwait } from './return-await.ts';

/** By the rule's name. */
export const FIXES: Readonly<Record<string, readonly MakeFixes[]>> = {
  'one-by-one': [awaitTogether, awaitLoopTogether],
  'never-awaited': [awaitOrVoid, returnAwait],
  'growing-queue': [boundQueue],
};
