/** `simul save`: a recording becomes one small file. */
import { parseArgs } from 'node:util';
import { saveTrace } from '../saved-trace.ts';
import { CANNOT_WRITE, print, WrongUsage } from './output.ts';

export function saveCommand(args: readonly string[]): number {
  const { positionals } = parseArgs({ args: [...args], options: {}, allowPositionals: true });
  const [recording, file, ...more] = positionals;
  if (recording === undefined || file === undefined || more.length > 0) {
    throw new WrongUsage('save takes a recording and the file to save it as');
  }
  const saved = saveTrace(recording, file);
  if (typeof saved === 'string') {
    print(saved);
    return CANNOT_WRITE;
  }
  for (const trouble of saved.troubles) print(trouble);
  print(`saved as ${file} (${saved.records} records, ${saved.bytes} bytes)`);
  return 0;
}
