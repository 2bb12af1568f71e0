/**
 * Runs the instrument's bundle from the code that V8 made of it in an earlier run: parsing and
 * compiling it are a good third of what a traced program starts later.
 *
 * The code lies in the private cache folder, one file for each build of the instrument and each
 * Node. V8 looks at the length of the source only and does not check the code, so the name holds
 * the hash of the bundle, and a sum stands before the code: a file that was cut or torn is not
 * used. The code also holds the bundle's path, by which stacks know the instrument: another copy of
 * the same build has a file of its own.
 *
 * Built for Node 8, like the preload.
 */
import fs from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
import { isPrivateFolder } from '../../../recorder/private-folder.ts';

/** What the build writes at the start of the bundle: the hash of all that follows. */
const HASH = /^\/\*([0-9a-f]{16})\*\//;
const SUM_BYTES = 8;
/** As Node wraps a CommonJS module, whose names the bundle uses. */
const HEAD = '(function (exports, require, module, __filename, __dirname) { ';
const TAIL = '\n});';

type Bundle = (
  exports: unknown,
  require: unknown,
  module: unknown,
  __filename: string,
  __dirname: string,
) => void;

/**
 * @param file the bundle; it exports `beforeEnd`, what is done once when the process ends; its
 *   strings are ASCII, so bytes are its characters
 * @param folder '' for none: then the bundle is compiled anew
 * @throws what the bundle throws
 */
export function runAgent(file: string, folder: string, require: (id: string) => unknown): void {
  const source = folder === '' ? '' : fs.readFileSync(file, 'latin1');
  const hash = HASH.exec(source);
  if (hash === null || !isPrivateFolder(folder)) {
    require(file);
    return;
  }
  const name = `agent-${hash[1]}-${sumOf(Buffer.from(file), 1).toString(16)}-${process.version}-${process.arch}`;
  const codeFile = path.join(folder, name);
  const cachedData = readCode(codeFile);
  const script = new vm.Script(HEAD + source + TAIL, { filename: file, ...(cachedData && { cachedData }) });
  const made: { exports: { beforeEnd?: (() => void)[] } } = { exports: {} };
  (script.runInThisContext() as Bundle)(made.exports, require, made, file, path.dirname(file));
  if (cachedData !== undefined && !script.cachedDataRejected) return;
  // At the end V8 has compiled what a run needs, and nothing else.
  made.exports.beforeEnd?.push(() => writeCode(codeFile, script));
}

/** undefined: there is none that is whole. */
function readCode(file: string): Buffer | undefined {
  try {
    const bytes = fs.readFileSync(file);
    const code = bytes.slice(SUM_BYTES);
    return bytes.readDoubleLE(0) === sumOf(code) ? code : undefined;
  } catch {
    return undefined;
  }
}

function writeCode(file: string, script: vm.Script): void {
  const draft = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  try {
    const code = script.createCachedData();
    const bytes = Buffer.alloc(SUM_BYTES + code.length);
    bytes.writeDoubleLE(sumOf(code), 0);
    code.copy(bytes, SUM_BYTES);
    fs.writeFileSync(draft, bytes, { mode: 0o600 });
    fs.renameSync(draft, file);
  } catch {
    // No room, or a file system that is read only: the next run compiles anew.
    try {
      fs.unlinkSync(draft);
    } catch {
      // It was not made.
    }
  }
}

/**
 * Of the length and of one word in some 64 bytes: a lost page or block is found, and in no time. An
 * odd step, since V8 writes whole pages whose every eighth byte and the next three are 0.
 */
function sumOf(code: Buffer, step = 61): number {
  let sum = code.length;
  for (let at = 0; at + 4 <= code.length; at += step)
    sum = (sum * 31 + code.readUInt32LE(at)) % 0x1fffffffffff;
  return sum;
}
