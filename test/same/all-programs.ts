/** Every program: files, families and bundles. */

import { bundles } from './bundles.ts';
import { families } from './families.ts';
import { readPrograms, type Program } from './program.ts';

export async function allPrograms(): Promise<Program[]> {
  return [...readPrograms(), ...families(), ...(await bundles())];
}
