/** `simul save`: a recording becomes one small file. */
import { statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { describeIoError } from '../describe-io-error.ts';
import { holdsRecording } from '../recordings.ts';
import { saveTrace } from '../saved-trace.ts';
import { EXIT } from '../exit-status.ts';
import { printMessage } from './print-message.ts';
import { redactionOf } from './redaction.ts';
import { parseCount, UsageError } from './usage-error.ts';

export function saveCommand(args: readonly string[]): number {
  const { positionals, values } = parseArgs({
    args: [...args],
    options: { redact: { type: 'boolean' }, anonymous: { type: 'boolean' }, last: { type: 'string' } },
    allowPositionals: true,
  });
  const [recording, file, ...rest] = positionals;
  if (recording === undefined || file === undefined || rest.length > 0) {
    throw new UsageError('save takes a recording and the file to save it as');
  }
  const lastSeconds = values.last === undefined ? undefined : parseCount('last', values.last, 0);
  if (lastSeconds === 0) throw new UsageError('--last takes a number of seconds, at least 1');
  const trouble = findReadObstacle(recording);
  if (trouble !== null) {
    printMessage(trouble);
    return EXIT.cannotRead;
  }
  const saved = saveTrace(recording, file, {
    ...redactionOf(values),
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

/** Why nothing can be saved of what was named; null: it is the folder of a recording. */
function findReadObstacle(recording: string): string | null {
  try {
    if (!statSync(recording).isDirectory())
      return `${recording} is a file; save takes the folder of a recording`;
    if (holdsRecording(recording)) return null;
    return `${recording} holds no recording: there is no *.part file in it`;
  } catch (error) {
    return `${recording} cannot be saved: ${describeIoError(error)}`;
  }
}
