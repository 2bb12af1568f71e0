/** `simul save`: a recording becomes one small file. */
import { parseArgs } from 'node:util';
import { saveTrace } from '../saved-trace.ts';
import { EXIT } from '../exit-status.ts';
import { printMessage } from './print-message.ts';
import { parseCount, UsageError } from './usage-error.ts';

export function saveCommand(args: readonly string[]): number {
  const { positionals, values } = parseArgs({
    args: [...args],
    options: { redact: { type: 'boolean' }, last: { type: 'string' } },
    allowPositionals: true,
  });
  const [recording, file, ...rest] = positionals;
  if (recording === undefined || file === undefined || rest.length > 0) {
    throw new UsageError('save takes a recording and the file to save it as');
  }
  const lastSeconds = values.last === undefined ? undefined : parseCount('last', values.last, 0);
  const saved = saveTrace(recording, file, {
    ...(values.redact === true ? { redactFrom: process.cwd() } : {}),
    ...(lastSeconds === undefined ? {} : { lastSeconds }),
  });
  if (typeof saved === 'string') {
    printMessage(saved);
    return EXIT.cannotWrite;
  }
  for (const trouble of saved.troubles) printMessage(trouble);
  printMessage(`saved as ${file} (${saved.records} records, ${saved.bytes} bytes)`);
  return EXIT.ok;
}
