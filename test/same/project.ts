/**
 * Where the programs are started: a folder for each way and program, outside the checkout. Untraced
 * and traced runs share it, so that no path has to be taken out of an output.
 */

import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileNameOf, formatOf, programsFolder, type Program } from './program.ts';

export interface Project {
  /** The programs' environment without a trace: what the caller's shell set does not reach them. */
  readonly env: NodeJS.ProcessEnv;
  /** For instrumented sources. */
  readonly cache: string;
  /** The folder of a program that a way starts. */
  folderOf(way: string, program: Program, modules: string): string;
  newRecording(): string;
  dispose(): void;
}

export function makeProject(): Project {
  const root = mkdtempSync(join(realpathSync(tmpdir()), 'simul-same-'));
  const made = (name: string): string => {
    mkdirSync(join(root, name));
    return join(root, name);
  };
  let recordings = 0;
  return {
    cache: made('cache'),
    env: { PATH: process.env['PATH'], HOME: made('home'), TMPDIR: made('tmp'), NO_COLOR: '1', LANG: 'C' },
    folderOf(way, program, modules) {
      const folder = join(root, way);
      if (!existsSync(folder)) {
        mkdirSync(folder);
        if (modules !== '') symlinkSync(modules, join(folder, 'node_modules'));
      }
      const place = join(folder, program.name.replace(/\.(\w+)$/, '-$1'));
      if (!existsSync(place)) fill(place, program);
      return place;
    },
    newRecording: () => made(`recording-${recordings++}`),
    dispose: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** Writes a file that can be started. */
export function writeInto(folder: string, name: string, text: string): string {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  chmodSync(file, 0o755);
  return file;
}

function fill(place: string, program: Program): void {
  writeInto(place, fileNameOf(program), program.source);
  const parts = join(programsFolder, dirname(program.name), 'parts');
  if (existsSync(parts)) cpSync(parts, join(place, 'parts'), { recursive: true });
  for (const [name, text] of Object.entries(program.files)) writeInto(place, name, text);
  if (formatOf(program) !== 'ts') return;
  const compilerOptions = { ...TYPESCRIPT_OPTIONS, ...program.tsconfig };
  writeInto(place, 'tsconfig.json', JSON.stringify({ compilerOptions }));
}

const TYPESCRIPT_OPTIONS = {
  target: 'es2022',
  module: 'nodenext',
  moduleResolution: 'nodenext',
  types: ['node'],
  strict: false,
  skipLibCheck: true,
};
