/** A module that ends every worker that imports it. */
import { isMain } from '../../runtime/index.ts';

if (!isMain) process.exit(4);

const one = 1;
export function exitsElsewhere(): number {
  return one;
}
