/** `simul try`: traces an example that comes with Simul and says where to go from there. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { print } from './output.ts';
import { traceCommand } from './trace.ts';

const EXAMPLE = 'producers-consumers.ts';

export async function tryCommand(args: readonly string[]): Promise<number> {
  const places = ['../examples/', '../../../../examples/'].map((place) =>
    fileURLToPath(new URL(place + EXAMPLE, import.meta.url)),
  );
  const example = places.find((place) => existsSync(place));
  if (example === undefined) {
    print(`the example ${EXAMPLE} is missing beside this program`);
    return 66;
  }
  print(`tracing ${example}`);
  const status = await traceCommand([...args, example]);
  print('to see it drawn: npm run code (opens VS Code with Simul and the examples), or install the .vsix');
  print('then open a program and choose "Simul: Trace Current File" from the palette');
  return status;
}
