/**
 * Brings the instrument into processes and workers whose environment the program made itself, and
 * keeps it out of those that it would harm. A Node process or a worker without our variables gets
 * them, and takes them out of its `process.env` before the program runs (preload/own-variables.ts);
 * any other program would see them, and gets what it was given. What is not traced for one of these
 * reasons stands in the recording.
 *
 * Nothing that the program passes is changed: what is added goes into a copy.
 */
import { closeSync, openSync, readSync, accessSync, constants } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import { KIND, AGENT_NOTICE } from '../../../trace/format/kinds.ts';
import { KEPT_BY_PERMISSIONS, arePermissionsMissing } from '../../../recorder/permission-flags.ts';
import type { Recorder } from '../../../recorder/recorder.ts';
import { GIVEN, type Variables } from '../preload/own-variables.ts';

const OWN_NAMES = [
  'NODE_OPTIONS',
  'SIMUL_RECORDING',
  'SIMUL_DEPTH',
  'SIMUL_GENERATORS',
  'SIMUL_CPU',
  'SIMUL_VALUES',
  'SIMUL_CACHE',
  'SIMUL_COMPILE',
  'SIMUL_LIMIT',
  'SIMUL_RING',
  'SIMUL_DEBUG',
  'SIMUL_STOP_AT',
];
const MAX_NOTICES = 50;
const MAX_NAME = 100;

export interface StartedProgram {
  readonly file: string;
  /** The arguments, the program's own name first. */
  readonly args: readonly string[];
  readonly uid?: number | undefined;
}

export class GivenEnvironments {
  readonly #recorder: Recorder;
  readonly #own: Readonly<Record<string, string>>;
  /** Path of preload.cjs, and the option that loads it. */
  readonly #preload: string;
  readonly #option: string;
  readonly #isPassedOn: boolean;
  readonly #uid = process.getuid?.();
  readonly #noted = new Set<string>();

  /** @param environment that of the process's main thread at its start, with our variables */
  constructor(recorder: Recorder, environment: Variables, preload: string) {
    this.#recorder = recorder;
    this.#preload = preload;
    this.#isPassedOn = (environment['NODE_OPTIONS'] ?? '').includes(preload);
    this.#option = /[\s"\\]/.test(preload)
      ? `"--require=${preload.replace(/["\\]/g, '\\$&')}"`
      : `--require=${preload}`;
    const { NODE_OPTIONS: _, ...own } = ownVariables(environment);
    this.#own = own;
  }

  /** The environment for a process; null: the given one is right. */
  forProcess(given: Variables, program: StartedProgram): Variables | null {
    const name = describe(program);
    const options = given['NODE_OPTIONS'] ?? '';
    const isOurs = options.includes(this.#preload);
    const isNode = startsNode(program, given);
    const obstacle = this.#findObstacle(program, options, isNode);
    if (obstacle !== null) {
      if (isOurs || isNode) this.#note(`${name} was not traced: ${obstacle}`);
      if (!isOurs) return null;
      // Node would die of a preload that it may not read.
      return { ...given, NODE_OPTIONS: options.replace(this.#option, '').trim() };
    }
    if (isOurs && given['SIMUL_RECORDING'] !== undefined) return null;
    // Started by hand, without NODE_OPTIONS: its children were not to be traced.
    if (!this.#isPassedOn) return null;
    if (isNode) return this.#added(given, this.#own);
    this.#note(
      `Node processes below ${name}, if there were any, were not traced: the program gave it an environment of its own`,
    );
    return null;
  }

  /**
   * The environment for a worker; null: it is brought in already. It learns the rest from its
   * process.
   */
  forWorker(given: Variables): Variables | null {
    return (given['NODE_OPTIONS'] ?? '').includes(this.#preload) ? null : this.#added(given, {});
  }

  #added(given: Variables, own: Readonly<Record<string, string>>): Variables {
    const missing = Object.keys(own).filter((name) => given[name] === undefined);
    const options = given['NODE_OPTIONS'];
    if (options === undefined) missing.push('NODE_OPTIONS');
    const needsOption = !(options ?? '').includes(this.#preload);
    return {
      ...own,
      ...given,
      NODE_OPTIONS: needsOption ? `${options ?? ''} ${this.#option}`.trimStart() : options,
      [GIVEN]: missing.join(','),
    };
  }

  /** Ends the sentence "… was not traced: …"; null: it can be. */
  #findObstacle({ args, uid }: StartedProgram, options: string, isNode: boolean): string | null {
    if (this.#uid !== undefined) {
      if (uid !== undefined && uid !== this.#uid && uid !== process.getuid?.())
        return `it runs as another user (${uid}), who may not write this recording`;
      if (process.getuid?.() !== this.#uid && !this.#isReadable())
        return 'this process runs as another user now, who may not read the instrument';
    }
    if (!isNode) return null;
    const flags = [...args.slice(1), ...options.split(/\s+/)];
    return arePermissionsMissing(flags, this.#preload, this.#own['SIMUL_RECORDING'] ?? '')
      ? KEPT_BY_PERMISSIONS
      : null;
  }

  #isReadable(): boolean {
    try {
      accessSync(this.#preload, constants.R_OK);
      return true;
    } catch {
      return false;
    }
  }

  #note(words: string): void {
    if (this.#noted.has(words) || this.#noted.size >= MAX_NOTICES) return;
    this.#noted.add(words);
    const text = this.#recorder.defineText(words);
    this.#recorder.write(KIND.agent, AGENT_NOTICE.unseen, 0, text, 0, 1, 0);
  }
}

/** The variables that bring the instrument into a process. */
export const ownVariables = (environment: Variables): Record<string, string> =>
  Object.fromEntries(
    OWN_NAMES.flatMap((name) => {
      const value = environment[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );

/** The command as it is said: names for paths. */
function describe({ file, args }: StartedProgram): string {
  const words = [file, ...args.slice(1)].map((word) =>
    /^[^\s]*\/[^\s]*$/.test(word) ? basename(word) : word,
  );
  const text = words.join(' ').replace(/\s+/g, ' ');
  return text.length <= MAX_NAME ? text : `${text.slice(0, MAX_NAME - 1)}…`;
}

/** Whether what is started is Node itself, a script for it, or a shell that starts it first. */
function startsNode({ file, args }: StartedProgram, given: Variables): boolean {
  if (file === process.execPath || isNodeName(file)) return true;
  const command = /^(?:sh|bash|dash|zsh)$/.test(basename(file)) && args[1] === '-c' ? args[2] : undefined;
  if (command !== undefined) {
    const word = /^\s*(?:exec\s+)?(?:"([^"]+)"|'([^']+)'|(\S+))/.exec(command);
    const first = word?.[1] ?? word?.[2] ?? word?.[3] ?? '';
    return first === process.execPath || isNodeName(first);
  }
  return isScriptForNode(file, given['PATH'] ?? '');
}

const isNodeName = (file: string): boolean => /^node(?:js)?(?:\.exe)?$/i.test(basename(file));

/** `#!/usr/bin/env node`: npm, npx, and what packages install. */
function isScriptForNode(file: string, path: string): boolean {
  const places = file.includes('/') ? [file] : path.split(delimiter).map((folder) => join(folder, file));
  for (const place of places) {
    let fd = -1;
    try {
      fd = openSync(place, 'r');
      const start = Buffer.alloc(80);
      readSync(fd, start, 0, start.length, 0);
      return /^#!.*\bnode\b/.test(start.toString('latin1'));
    } catch {
      // It is in another folder.
    } finally {
      if (fd >= 0) closeSync(fd);
    }
  }
  return false;
}
