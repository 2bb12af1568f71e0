/**
 * Whether Node maps stacks through source maps, and whether the program or the agent asked for it.
 */
let switchedOnByAgent = false;

/**
 * The program switched them on, by flag, by `NODE_OPTIONS` or by call: Node then shows the same
 * stacks as untraced.
 */
export function programUsesSourceMaps(): boolean {
  return (
    !switchedOnByAgent && (process as { readonly sourceMapsEnabled?: boolean }).sourceMapsEnabled === true
  );
}

/** For the error that Node prints when a program dies of it. */
export function switchSourceMapsOn(): void {
  if (programUsesSourceMaps()) return;
  switchedOnByAgent = true;
  process.setSourceMapsEnabled(true);
}
