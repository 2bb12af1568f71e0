/** Programs that are alike but for one thing: made from tables. */
import { programOf, type Program } from './program.ts';
export function families(): Program[] {
  return [programOf('family/one.cjs', 'console.log(1)\n')];
}
