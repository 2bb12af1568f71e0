/** `simul export`: a trace in a format that other viewers read. */
import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { describeIoError } from '../describe-io-error.ts';
import { EXIT } from '../exit-status.ts';
import { type ExportedTrace, readExportedTrace } from '../export/exported-trace.ts';
import { writePerfetto } from '../export/perfetto.ts';
import { makeSpeedscope } from '../export/speedscope.ts';
import { findSaveObstacle } from '../saved-trace.ts';
import { printMessage } from './print-message.ts';
import { UsageError } from './usage-error.ts';

type Write = (bytes: Uint8Array) => void;

interface Format {
  /** Where it is opened. */
  readonly viewer: string;
  readonly out: string;
  write(exported: ExportedTrace, name: string, write: Write): void;
}

const FORMATS: Readonly<Record<string, Format>> = {
  perfetto: {
    viewer: 'ui.perfetto.dev',
    out: 'trace.pftrace',
    write: (exported, _name, write) => writePerfetto(exported, write),
  },
  speedscope: {
    viewer: 'speedscope.app',
    out: 'trace.speedscope.json',
    write: (exported, name, write) => write(Buffer.from(JSON.stringify(makeSpeedscope(exported, name)))),
  },
};

/** Written at once. */
const PIECE_BYTES = 1 << 20;

export function exportCommand(args: readonly string[]): number {
  const { positionals, values } = parseArgs({
    args: [...args],
    options: { format: { type: 'string' }, out: { type: 'string' } },
    allowPositionals: true,
  });
  const [path, ...rest] = positionals;
  if (path === undefined || rest.length > 0)
    throw new UsageError('export takes one saved trace or recording');
  const name = values.format ?? '';
  const format = Object.hasOwn(FORMATS, name) ? FORMATS[name]! : null;
  if (format === null)
    throw new UsageError(`--format takes ${Object.keys(FORMATS).join(' or ')}; it got "${name}"`);
  const out = values.out ?? format.out;
  const obstacle = findSaveObstacle(out);
  if (obstacle !== null) {
    printMessage(obstacle);
    return EXIT.cannotWrite;
  }
  const exported = readExportedTrace(path);
  if (typeof exported === 'string') {
    printMessage(exported);
    return EXIT.cannotRead;
  }
  for (const trouble of exported.troubles) printMessage(trouble);
  try {
    const bytes = writeFile(out, (write) => format.write(exported, basename(resolve(path)), write));
    printMessage(`saved as ${out} (${bytes} bytes), for ${format.viewer}`);
    return EXIT.ok;
  } catch (error) {
    printMessage(`the trace cannot be saved as ${out}: ${describeIoError(error)}`);
    return EXIT.cannotWrite;
  }
}

/** Gives the file its name when it is whole. @returns its bytes. @throws the system's error */
function writeFile(file: string, fill: (write: Write) => void): number {
  const unfinished = `${file}.${process.pid}.tmp`;
  const buffer = new Uint8Array(PIECE_BYTES);
  let filled = 0;
  let written = 0;
  const fd = openSync(unfinished, 'w', 0o600);
  const writeWhole = (bytes: Uint8Array): void => {
    for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
    written += bytes.length;
  };
  const flush = (): void => {
    writeWhole(buffer.subarray(0, filled));
    filled = 0;
  };
  try {
    fill((bytes) => {
      if (filled + bytes.length > buffer.length) flush();
      if (bytes.length > buffer.length) writeWhole(bytes);
      else {
        buffer.set(bytes, filled);
        filled += bytes.length;
      }
    });
    flush();
    renameSync(unfinished, file);
    return written;
  } finally {
    closeSync(fd);
    rmSync(unfinished, { force: true });
  }
}
