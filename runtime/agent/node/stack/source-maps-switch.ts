/**
 * Whether Node maps stacks through source maps, who asked for it, and which maps it has.
 *
 * Where the program asked, Node is to find the maps that it would find untraced: those of the files
 * as they lie on the disk. The maps of the emitted texts are withheld then, and Node's formatter is
 * given positions of the files. They are handed in when an error is about to end the process, for
 * the line that Node prints above it is found by positions in the emitted text.
 *
 * A debugger needs the maps of what runs, and so do reports of coverage. Where there may be one,
 * they are not withheld.
 */
let switchedOnByAgent = false;
let areOwnMapsHandedIn = areOwnMapsWanted();

/**
 * The program switched them on, by flag, by `NODE_OPTIONS` or by call: Node then shows the same
 * stacks as untraced.
 */
export function programUsesSourceMaps(): boolean {
  return (
    !switchedOnByAgent && (process as { readonly sourceMapsEnabled?: boolean }).sourceMapsEnabled === true
  );
}

/** Emitted text goes without its map to Node. */
export function areOwnMapsWithheld(): boolean {
  return !areOwnMapsHandedIn && programUsesSourceMaps();
}

/** For what Node prints when a program dies: from here on it has the maps of the emitted texts. */
export function switchSourceMapsOn(): void {
  areOwnMapsHandedIn = true;
  if (programUsesSourceMaps()) return;
  switchedOnByAgent = true;
  process.setSourceMapsEnabled(true);
}

function areOwnMapsWanted(): boolean {
  const { execArgv, env } = process;
  const options = [...execArgv, ...(env['NODE_OPTIONS'] ?? '').split(/\s+/)];
  return (
    env['VSCODE_INSPECTOR_OPTIONS'] !== undefined ||
    env['NODE_V8_COVERAGE'] !== undefined ||
    options.some((option) => option.startsWith('--inspect'))
  );
}
