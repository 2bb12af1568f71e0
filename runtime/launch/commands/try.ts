/** `simul try`: traces an example that comes with Simul and says how to go on. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { EXIT } from '../exit-status.ts';
import { printMessage } from './print-message.ts';
import { splitArgs, traceCommand } from './trace.ts';
import { UsageError } from './usage-error.ts';

const EXAMPLE = 'producers-consumers.ts';
/** Seen from the bundle (dist/) and from the compiled tree (build/runtime/launch/commands/). */
const EXAMPLE_FOLDERS = ['../examples/', '../../../../examples/'];

export async function tryCommand(args: readonly string[]): Promise<number> {
  const [extra] = splitArgs(args)[1];
  if (extra !== undefined)
    throw new UsageError(`try runs an example of its own; to trace yours: simul trace ${extra}`);
  const example = EXAMPLE_FOLDERS.map((folder) =>
    fileURLToPath(new URL(folder + EXAMPLE, import.meta.url)),
  ).find((path) => existsSync(path));
  if (example === undefined) {
    printMessage(`the example ${EXAMPLE} is missing beside this program`);
    return EXIT.cannotRead;
  }
  printMessage(`tracing ${example}`);
  const status = await traceCommand([...args, example]);
  printMessage(
    'to see it drawn: npm run code (opens VS Code with Simul and the examples), or install the .vsix',
  );
  printMessage('then open a program and choose "Simul: Trace Current File" from the palette');
  return status;
}
