/**
 * A project in a folder of its own, with the library in its node_modules as a user has it, and the
 * packages of the matrix above it, where Node finds them and the project does not hold them.
 */
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runCommand } from '../machine/run-command.ts';
import { tree } from '../machine/tree.ts';
import { type Answers, KINDS, RESULT } from './program.ts';

/** What the build makes of the library to be packed. */
export const PACKAGE = join(tree, 'dist/package');
const MAX_RUN_MS = 2 * 60_000;

export class Project {
  readonly folder: string;
  readonly #root: string;

  /** @param tools a node_modules of what the project is built and run with; null for nothing. */
  constructor(tools: string | null, files: Readonly<Record<string, string>>) {
    this.#root = realpathSync(mkdtempSync(join(tmpdir(), 'simul-compatibility-')));
    this.folder = join(this.#root, 'project');
    if (tools !== null) symlinkSync(tools, join(this.#root, 'node_modules'), 'junction');
    mkdirSync(this.folder);
    cpSync(PACKAGE, join(this.folder, 'node_modules/simul'), { recursive: true });
    for (const [name, text] of Object.entries(files)) this.write(name, text);
  }

  write(name: string, text: string): void {
    const path = join(this.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  /** A bundle has to run where nothing is installed. */
  removeLibrary(): void {
    rmSync(join(this.folder, 'node_modules'), { recursive: true, force: true });
  }

  /** For what installs the library itself. */
  moveLibrary(to: string): void {
    renameSync(join(this.folder, 'node_modules/simul'), join(this.folder, to));
    this.removeLibrary();
  }

  /** The package.json of a folder. */
  manifest(folder: string): { readonly version: string } {
    return JSON.parse(readFileSync(join(this.folder, folder, 'package.json'), 'utf8')) as { version: string };
  }

  /** A file of one of the project's tools. */
  tool(path: string): string {
    return join(this.#root, 'node_modules', path);
  }

  /** @returns what it printed. @throws Error with that, when it fails. */
  async run(node: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
    const { NODE_OPTIONS: _, ...outer } = process.env;
    const ended = await runCommand({
      file: node,
      args,
      cwd: this.folder,
      env: { ...outer, NO_COLOR: '1', ...env },
      boundMs: MAX_RUN_MS,
      output: 'keep',
    });
    if (!ended.ok) throw new Error(`${ended.outcome}: ${ended.output.trim()}`);
    return ended.output;
  }

  /** Runs the program of program.ts. @throws Error when it leaves no answers. */
  async answers(node: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Answers> {
    const file = join(this.#root, 'answers.json');
    rmSync(file, { force: true });
    const printed = await this.run(node, args, { SIMUL_ANSWERS: file, ...env });
    try {
      return JSON.parse(readFileSync(file, 'utf8')) as Answers;
    } catch {
      throw new Error(`the program left no answers; it printed: ${printed.trim()}`);
    }
  }

  remove(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }
}

/** `yes`, `says` (refused, with the way that is open), or what went wrong, for each kind. */
export function verdicts(answers: Answers): Record<string, string> {
  return Object.fromEntries(
    KINDS.map((kind) => {
      const results = answers[kind] ?? [];
      const other = results.find((result) => result !== RESULT);
      if (results.length > 0 && other === undefined) return [kind, 'yes'];
      const isRefused =
        results.length > 0 &&
        results.every((result) =>
          /the function through workerModule\(\)|^a worker cannot load .* Start the program with/.test(
            result,
          ),
        );
      return [kind, isRefused ? 'says' : (other ?? 'no answer')];
    }),
  );
}
