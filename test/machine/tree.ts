/** The root of the working tree, found from the compiled tests (build/test/machine/). */

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const tree: string = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
