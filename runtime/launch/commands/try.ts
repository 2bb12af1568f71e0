/** `simul try`: traces an example that comes with Simul and says where to go from there. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { say } from './say.ts';
import { traceCommand } from './trace.ts';

const EXAMPLE = 'producers-consumers.ts';

export async function tryCommand(args: readonly string[]): Promise<number> {
  const places = ['../examples/', '../../../../examples/'].map((place) =>
    fileURLToPath(new URL(place + EXAMPLE, import.meta.url)),
  );
  const example = places.find((place) => existsSync(place));
  if (example === undefined) {
    say(`the example ${EXAMPLE} is missing beside this program`);
    return 66;
  }
  say(`tracing ${example}`);
  const status = await traceCommand([...args, example]);
  say('to see it drawn: npm run code (opens VS Code with Simul and the examples), or install the .vsix');
  say('then open a program and choose "Simul: Trace Current File" from the palette');
  return status;
}
